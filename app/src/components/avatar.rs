//! A person as a coloured mark with the first letter of their name.

use domain::Profile;
use leptos::prelude::*;

use crate::browser;

/// The mark of a person whose name stands beside it.
#[component]
pub(crate) fn Avatar(
    /// The profile to show.
    profile: Profile,
    /// What else it is, as classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = format!("avatar {class}");
    view! { <span class=class data-colour=profile.colour.number() aria-hidden="true">{initial(&profile)}</span> }
}

/// The first character of the name as people count them, as the person wrote it.
pub(crate) fn initial(profile: &Profile) -> String {
    browser::first_cluster(profile.name.as_str())
}
