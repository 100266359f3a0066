//! A view of any type, for the price of one.
//!
//! It stands in place of Leptos' [`AnyView`](leptos::prelude::AnyView), which costs 45.0 KB of brotli more on the first
//! visit (measured on commit 04cac6b, where that was 149.9 KB): `AnyView` also carries how a view writes itself into HTML,
//! in order and out of order, and how it is compared with another of its type. Here a view is drawn and hydrated, and one
//! that takes its place is built from the beginning.

use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::no_attrs;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};

/// A view whose type nobody needs to know.
pub(crate) struct ErasedView(Box<dyn Draw>);

/// Hides the type of a view, as `into_any` does.
pub(crate) fn any<V: RenderHtml + 'static>(view: V) -> ErasedView {
    ErasedView(Box::new(view))
}

/// Hides the type of a view that only ever appears while the script runs: the browser has no code for hydrating it, and
/// the server draws nothing of it.
pub(crate) fn client_only<V: RenderHtml + 'static>(view: V) -> ErasedView {
    ErasedView(Box::new(ClientOnly(view)))
}

/// What can be done with a view without knowing its type.
trait Draw: Send {
    fn build(self: Box<Self>) -> Drawn;

    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> Drawn;

    /// Only on the server: behind a `dyn` the browser's half would carry it unused.
    #[cfg(feature = "ssr")]
    fn html(
        self: Box<Self>,
        html: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    );
}

impl<V: RenderHtml + 'static> Draw for V {
    fn build(self: Box<Self>) -> Drawn {
        Drawn(Box::new((*self).build()))
    }

    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> Drawn {
        Drawn(Box::new((*self).hydrate::<true>(cursor, position)))
    }

    #[cfg(feature = "ssr")]
    fn html(
        self: Box<Self>,
        html: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        (*self).to_html_with_buf(html, position, escape, mark_branches, attributes);
    }
}

/// What the server never draws.
struct ClientOnly<V>(V);

impl<V: RenderHtml + 'static> Draw for ClientOnly<V> {
    fn build(self: Box<Self>) -> Drawn {
        Drawn(Box::new(self.0.build()))
    }

    fn hydrate(self: Box<Self>, _: &Cursor, _: &PositionState) -> Drawn {
        self.build()
    }

    #[cfg(feature = "ssr")]
    fn html(self: Box<Self>, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}
}

/// A view that is on the page.
pub(crate) struct Drawn(Box<dyn Mountable>);

impl Mountable for Drawn {
    fn unmount(&mut self) {
        self.0.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.0.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.0.elements()
    }
}

impl Render for ErasedView {
    type State = Drawn;

    fn build(self) -> Drawn {
        self.0.build()
    }

    fn rebuild(self, drawn: &mut Drawn) {
        let mut old = std::mem::replace(drawn, self.0.build());
        old.insert_before_this(drawn);
        old.unmount();
    }
}

no_attrs!(ErasedView);

impl RenderHtml for ErasedView {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    #[cfg_attr(
        not(feature = "ssr"),
        expect(unused_variables, reason = "the browser writes no HTML")
    )]
    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        #[cfg(feature = "ssr")]
        self.0.html(html, position, escape, mark_branches, attributes);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Drawn {
        self.0.hydrate(cursor, position)
    }

    fn into_owned(self) -> Self {
        self
    }
}
