//! The forms that are no server functions, and what the script of passkeys sends.

use super::*;

/// Left out: what ends a session, deletes, or asks a provider.
const FORMS: &[&str] = &[
    "/sign-in",
    "/sign-in/second",
    "/sign-up",
    "/reset",
    "/me/prove",
    "/me/password",
    "/me/sessions/1/end",
    "/me/sessions/end-others",
    "/me/second-factor/begin",
    "/me/second-factor/confirm",
    "/me/second-factor/remove",
    "/me/recovery-codes",
    "/me/passkeys/1/rename",
    "/me/passkeys/1/remove",
    "/me/invitations/LIST/accept",
    "/me/invitations/LIST/decline",
    "/me/invitations/LIST/mute",
    "/me/unmute",
    "/me/unlink",
    "/lists/LIST/invite",
    "/lists/LIST/uninvite",
    "/admin",
    "/admin/settings",
    "/admin/people",
    "/admin/invitations",
    "/admin/invitations/1/revoke",
    "/admin/people/PERSON/suspend",
    "/admin/people/PERSON/reinstate",
    "/admin/people/PERSON/end-sessions",
    "/admin/people/PERSON/remove-factors",
    "/admin/people/PERSON/reset",
    "/admin/people/PERSON/delete",
    "/passkey/sign-in/begin",
    "/passkey/sign-in/finish",
    "/passkey/prove/begin",
    "/passkey/prove/finish",
    "/passkey/add/begin",
    "/passkey/add/finish",
    "/passkey/sign-up/begin",
    "/passkey/sign-up/finish",
];

#[test]
fn a_plain_form_of_any_fields_is_answered_and_never_leads_elsewhere() {
    let world = World::new();
    let person = Who::Account.visitor().person().to_string();
    let words = &[
        "name=",
        "password=",
        "old=",
        "code=",
        "invitation=",
        "next=",
        "role=",
        "list=LIST",
        "sure=yes",
        "begin",
        "confirm",
        "off",
        "set",
        "invite",
        "revoke",
        "resume",
        "reset",
        "rename",
        "session=",
        "sign_up=open",
        "guests=yes",
        "expires=",
        "most_uses=",
        "id=",
        "viewer",
        "owner",
        "&",
        "&",
        "&",
        "=",
        "+",
        "ulla",
        "//evil.example",
        "-1",
        "99999999999999999999",
        "%00",
        "%0d%0aset-cookie:a=b",
        "%ff",
        "%zz",
        "%3Cscript%3Eevil",
        "\"",
        "{",
        "}",
        "\"name\":",
        "\"called\":",
        "\"key\":",
        "\"credential\":",
        ",",
        "null",
        "[]",
    ];
    let right = &[
        "name=ulla&password=nine+lamps+over+the+quay&next=/me",
        "sign_up=open&guests=yes",
        "expires=60&most_uses=1",
        "name=ulla&role=viewer",
        "name=Key",
        "{\"name\":\"ulla\"}",
        "{\"key\":\"a\",\"credential\":{\"response\":{}},\"next\":\"/me\"}",
    ];
    check!()
        .with_generator((
            0..FORMS.len(),
            0..3_usize,
            one_of((soup(words), changed(right, words), changed(right, words))),
        ))
        .with_iterations(150)
        .for_each(|(form, who, body)| {
            let who = [Who::Owner, Who::Account, Who::Operator][*who];
            let path = FORMS[*form]
                .replace("LIST", &world.list)
                .replace("PERSON", &person);
            let kind = if path.starts_with("/passkey/") {
                "application/json"
            } else {
                "application/x-www-form-urlencoded"
            };
            let request = Request::builder()
                .method(Method::POST)
                .uri(&path)
                .header(header::HOST, "localhost")
                .header(header::COOKIE, format!("tandem={}", who.cookie()))
                .header(header::CONTENT_TYPE, kind);
            let body = body.replace("LIST", &world.list);
            let (response, _) = world.answer(request.body(Body::from(body)).unwrap());
            if let Some(location) = response.headers().get(header::LOCATION) {
                let location = location.to_str().unwrap();
                assert!(
                    location.starts_with('/') && !location.starts_with("//"),
                    "{path}: {location}"
                );
            }
            world.runtime.block_on(world.house.lists());
        });
}
