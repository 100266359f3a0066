//! Leaving for the provider.
//!
//! Whoever leaves is shown a page that leads on by itself: a form that a redirect took elsewhere would need the policy of every page
//! to name every host that a provider may lead people over.

use app::Page;
use app::pages::LeavingPage;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use backend::{Holder, Visitor};
use domain::PersonId;
use serde::Deserialize;

use super::at_provider::AtProvider;
use super::pending::Purpose;
use super::problem::Problem;
use super::provider::Provider;
use crate::auth::account_holder::Newcomer;
use crate::auth::caller::Caller;
use crate::auth::sign_in;
use crate::http::cookies::{self, CookieName};
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::random::random_text;

/// Where the provider leads people back to.
const RETURN: &str = "/sign-in/return";

/// The cookie of the browser that leaves.
const COOKIE: CookieName = CookieName {
    safe: "__Host-tandem-leaves",
    plain: "tandem-leaves",
};

/// How long it counts, in seconds.
const MAX_AGE: u32 = 10 * 60;

/// What stands in the form.
#[derive(Deserialize, Default)]
pub(crate) struct Given {
    #[serde(default)]
    next: String,
    bring: Option<String>,
}

/// Sends somebody to the provider, to sign in.
pub(crate) async fn leave(
    AtProvider(provider): AtProvider,
    Newcomer(visitor): Newcomer,
    caller: Caller,
    Form(given): Form<Given>,
) -> Response {
    let purpose = Purpose::SignIn {
        next: given.next,
        brings: given.bring.is_some(),
    };
    match send(&caller, &provider, visitor.person(), purpose).await {
        Ok(page) => page,
        Err(problem) => sign_in_again(&caller, &provider, &visitor, problem).await,
    }
}

/// The page that leads to the provider.
pub(super) async fn send(
    caller: &Caller,
    provider: &Provider,
    person: PersonId,
    purpose: Purpose,
) -> Result<Response, Problem> {
    let counted = caller.state.throttle.depart(caller.address());
    counted.map_err(Problem::Wait)?;
    let browser = match browser(caller) {
        Some(browser) => browser,
        None => random_text()?,
    };
    let redirect = format!("{}{RETURN}", caller.origin);
    let holder = Holder {
        person,
        household: Some(caller.household()),
    };
    let now = caller.state.backend.now();
    let address = provider.leave(&browser, holder, &redirect, purpose, now).await?;
    let refresh = HeaderValue::from_str(&format!("0;url={address}")).map_err(|_| Problem::Provider)?;
    let label = provider.settings.label.clone();
    let page = Page::Leaving(Box::new(LeavingPage { label, address }));
    let mut response = page_response::document(&caller.state, page).await;
    let headers = response.headers_mut();
    headers.insert(header::REFRESH, refresh);
    cookies::set(headers, COOKIE, &browser, MAX_AGE, caller.is_https());
    Ok(response)
}

/// The form to sign in, which says why nobody came in by the provider.
pub(super) async fn sign_in_again(
    caller: &Caller,
    provider: &Provider,
    visitor: &Visitor,
    problem: Problem,
) -> Response {
    let state = &caller.state;
    let mut page = sign_in::sign_in_form(state, Some(visitor), &caller.origin).await;
    let sentence = problem.sentence(&provider.settings.label);
    page.provider = state.oidc.button(Some(sentence));
    problem.answer(page_response::document(state, Page::SignIn(Box::new(page))).await)
}

/// What the browser that left has in its cookie.
pub(super) fn browser(caller: &Caller) -> Option<String> {
    let mut values = cookies::values(&caller.headers, COOKIE.over(caller.is_https()));
    values.find(|value| value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
