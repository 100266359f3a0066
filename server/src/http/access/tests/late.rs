//! Every address that takes a body, asked by who may, and finished when they may no more: halfway their session is ended, they are
//! suspended, or somebody else becomes the operator. Nothing is done, and they are told so.
//!
//! The addresses come from the router, and what is right to send from the tables of `forms` and `functions`: a new address is met here,
//! too.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, StatusCode, header};
use axum::{Router, middleware};
use domain::wire::Beat;
use domain::{AccountCommand, ClientId, Command, ListName};
use leptos::server_fn::axum::server_fn_paths;
use tower::ServiceExt;

use super::beginning::PASSWORD;
use super::forms::{address, facts, house, row};
use super::functions;
use super::house::{Held, Sent, Settings, one};
use super::who::{What, Who};
use crate::auth::session;
use crate::state::AppState;

/// What happens halfway.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Halfway {
    SessionEnds,
    Suspended,
    Ousted,
}

impl Halfway {
    /// What can happen to somebody.
    fn to(who: Who) -> &'static [Self] {
        match who {
            Who::Operator => &[Self::Ousted, Self::SessionEnds],
            Who::Account => &[Self::SessionEnds, Self::Suspended],
            _ => &[Self::SessionEnds],
        }
    }

    async fn happen(self, house: &Settings, who: Who) {
        let visitor = who.visitor();
        match self {
            Self::SessionEnds => house.backend.accounts().end_session(&visitor).await.unwrap(),
            Self::Suspended => {
                let by = backend::Administrator::CommandLine;
                let person = visitor.person();
                house.backend.admin().suspend(by, person).await.unwrap();
            }
            Self::Ousted => {
                let code = house.operator_code().await;
                let next = Who::Owner.visitor();
                assert!(house.backend.admin().become_operator(&next, code).await.unwrap());
            }
        }
    }
}

/// Who sends it, and what; none where there is nothing to be had by a session that was open when it began.
async fn request(house: &Settings, path: &str) -> Option<(Who, Sent)> {
    let field = |name, value: &str| (name, value.to_owned());
    match path {
        "/me/picture" => {
            let file = "--x\r\ncontent-disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n";
            let picture = house.picture();
            let sent = [file.as_bytes(), picture.as_slice(), b"\r\n--x--\r\n".as_slice()].concat();
            return Some((Who::Account, Sent::Picture(sent)));
        }
        "/sign-up" => {
            let fields = vec![
                field("name", "late"),
                field("password", "nine lamps over the quay"),
            ];
            return Some((Who::Stranger, Sent::Form(fields)));
        }
        "/admin" => {
            let code = house.operator_code().await.to_string();
            return Some((Who::Stranger, Sent::Form(vec![field("code", &code)])));
        }
        "/me/prove" => return Some((Who::Account, Sent::Form(vec![field("password", PASSWORD)]))),
        "/me/passkeys/{passkey}/rename" => {
            return Some((Who::Account, Sent::Form(vec![field("name", "Key")])));
        }
        "/me/second-factor/confirm" => {
            return Some((Who::Account, Sent::Form(vec![field("code", "000000")])));
        }
        "/presence" => {
            let beat = Beat {
                client: ClientId::from_bytes([0xad; 16]),
                list: Settings::list(What::Ours),
                task: None,
                typing: false,
                gone: false,
            };
            return Some((Who::Owner, Sent::Json(serde_json::to_string(&beat).unwrap())));
        }
        // What is given there is a password, a code or a passkey, whoever is signed in meanwhile.
        "/sign-in" | "/sign-in/second" | "/sign-in/provider" | "/reset" => return None,
        path if path.starts_with("/passkey/") => return None,
        // It begins something that the session which has ended would have to finish.
        "/me/link" => return None,
        // Without a body.
        "/me/recovery-codes" | "/me/passkeys/{passkey}/remove" | "/admin/" | "/admin/{*rest}" => return None,
        // `nothing_is_done_by_a_server_function…`
        "/fn/{function}" => return None,
        _ => {}
    }
    let (may, fields) = row(path)?;
    let who = [Who::Operator, Who::Account, Who::Owner]
        .into_iter()
        .find(|who| may(*who));
    Some((who.unwrap(), Sent::Form(fields)))
}

#[tokio::test]
async fn nothing_is_done_by_a_form_whose_sender_may_no_more_when_all_of_it_has_come() {
    let (empty, mut held) = (Settings::new().await, Vec::new());
    for path in empty.doors.iter().map(|door| door.path) {
        if !empty.takes_what_is_posted(&address(&empty, path)).await {
            continue;
        }
        let Some((who, _)) = request(&empty, path).await else {
            continue;
        };
        for halfway in Halfway::to(who) {
            let house = house().await;
            let case = format!("{path} as {who:?}, {halfway:?}");
            let (_, sent) = request(&house, path).await.unwrap();
            let to = address(&house, path).replace("?remove=1", "");
            let to = to.replace("{passkey}", &"0".repeat(32));
            let Held::Waiting(waiting) = house.hold(who, &to, sent).await else {
                // It does not read the body, so it is done with before anything can happen.
                continue;
            };
            held.push(path);
            halfway.happen(&house, who).await;
            let is_operator = || house.backend.admin().is_operator(&Who::Stranger.visitor());
            let before = facts(&house).await;
            let (status, text) = waiting.finish().await;
            assert_eq!(facts(&house).await, before, "{case}");
            assert!(!is_operator(), "{case}");
            let is_told = match halfway {
                Halfway::Ousted => text.contains("name=\"code\""),
                Halfway::SessionEnds | Halfway::Suspended => status == StatusCode::UNAUTHORIZED,
            };
            assert!(is_told, "{case}: {status} {text}");
        }
    }
    held.dedup();
    assert!(held.len() >= 14, "{held:?}");
}

#[tokio::test]
async fn nothing_is_done_by_a_server_function_whose_sender_may_no_more_when_all_of_it_has_come() {
    let names = server_fn_paths().map(|(path, _)| path.strip_prefix("/fn/").unwrap());
    for name in names {
        for halfway in [Halfway::SessionEnds, Halfway::Suspended] {
            let who = match halfway {
                Halfway::Suspended => Who::Account,
                Halfway::SessionEnds | Halfway::Ousted => Who::Owner,
            };
            let house = Settings::new().await;
            let name_of = ListName::parse("Late").unwrap();
            let list = domain::ListId::from_bytes([0xad; 16]);
            let command = Command::Account(AccountCommand::CreateList { list, name: name_of });
            let push = one(&house.backend, who.visitor().person(), command);
            let sent = match functions::row(name, who, What::Ours) {
                Some((_, fields)) => Sent::Form(fields),
                None => Sent::Json(serde_json::json!({ "push": push }).to_string()),
            };
            let case = format!("{name} as {who:?}, {halfway:?}");
            let Held::Waiting(waiting) = house.hold(who, &format!("/fn/{name}"), sent).await else {
                panic!("{case}: it was not read");
            };
            halfway.happen(&house, who).await;
            let before = (house.lists().await, house.head().await);
            let (status, text) = waiting.finish().await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{case}: {text}");
            assert_eq!((house.lists().await, house.head().await), before, "{case}");
        }
    }
}

#[tokio::test]
async fn a_page_whose_session_ends_meanwhile_is_asked_for_again_and_all_else_is_refused() {
    let ends = async |State(state): State<AppState>| {
        let ended = state.backend.accounts().end_session(&Who::Owner.visitor()).await;
        ended.map(|()| "all of their tasks").unwrap()
    };
    for (method, status, to) in [
        (Method::GET, StatusCode::SEE_OTHER, Some("/lists/1?task=2")),
        (Method::POST, StatusCode::UNAUTHORIZED, None),
    ] {
        let settings = Settings::new().await;
        let state = settings.state.clone();
        let router = Router::new()
            .fallback(ends)
            .layer(middleware::from_fn_with_state(state.clone(), session::begin))
            .with_state(state);
        let cookie = format!("tandem={}", Who::Owner.cookie());
        let request = Request::builder().method(method).uri("/lists/1?task=2");
        let request = request.header(header::COOKIE, cookie).body(Body::empty());
        let answer = router.oneshot(request.unwrap()).await.unwrap();
        let location = answer.headers().get(header::LOCATION);
        assert_eq!(
            (answer.status(), location.map(|to| to.to_str().unwrap())),
            (status, to)
        );
        assert!(!answer.headers().contains_key(header::SET_COOKIE));
    }
}
