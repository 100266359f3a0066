//! What somebody wanted to see who is to sign in first.

use axum::http::Uri;

/// The longest query that goes along, in bytes: a title in any script, and an address.
const MOST_QUERY: usize = 6_000;

/// The address of the form for that, for those whose session is over or not, which leads back to what they wanted. A text that was shared
/// with Tandem stands in the query of a list's address, and is not lost on the way; other queries are not for those who come later.
pub(super) fn sign_in(is_over: bool, wanted: &Uri) -> String {
    let path = wanted.path();
    let is_list = path == "/" || path.starts_with("/lists/");
    let query = wanted
        .query()
        .filter(|query| is_list && query.len() <= MOST_QUERY);
    let next = match query {
        Some(query) => {
            let wanted = format!("{path}?{query}");
            serde_urlencoded::to_string([("next", wanted)]).unwrap_or_default()
        }
        None => format!("next={path}"),
    };
    format!("/sign-in?{}{next}", if is_over { "over=1&" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_goes_along_and_nothing_else_does() {
        let to = |wanted: &str| sign_in(false, &wanted.parse().unwrap());
        assert_eq!(to("/me"), "/sign-in?next=/me");
        assert_eq!(to("/me?x=1"), "/sign-in?next=/me");
        assert_eq!(to("/?add=a%20%26b"), "/sign-in?next=%2F%3Fadd%3Da%2520%2526b");
        assert_eq!(to("/lists/1?add=a"), "/sign-in?next=%2Flists%2F1%3Fadd%3Da");
        assert_eq!(
            to(&format!("/?add={}", "x".repeat(MOST_QUERY))),
            "/sign-in?next=/"
        );
        assert_eq!(sign_in(true, &"/".parse().unwrap()), "/sign-in?over=1&next=/");
    }
}
