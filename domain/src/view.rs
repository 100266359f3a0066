//! What the page shows: held in one signal in the browser, and in the address for everyone else.

use crate::ListId;

/// What the page shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum View {
    /// The start page, usually the person's first list.
    Home,
    /// A list.
    List(ListId),
}

impl View {
    /// The view at that path of the address, if the page is what is there.
    pub fn parse(path: &str) -> Option<Self> {
        match path {
            "/" => Some(Self::Home),
            _ => path.strip_prefix("/lists/")?.parse().ok().map(Self::List),
        }
    }

    /// The path of the address that shows it.
    pub fn path(&self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::List(list) => format!("/lists/{list}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_leads_back_to_its_view() {
        for view in [View::Home, View::List(ListId::from_bytes([7; 16]))] {
            assert_eq!(View::parse(&view.path()), Some(view));
        }
        for path in [
            "",
            "/lists/",
            "/lists/x",
            "/lists/07070707-0707-0707-0707-070707070707/share",
        ] {
            assert_eq!(View::parse(path), None);
        }
    }
}
