//! Views, closures and handlers of one type each.
//!
//! Leptos compiles the code that draws, takes over and updates a view anew for every type of view and closure. These
//! hide the type: what is behind them is drawn and taken over, and put anew in place of what was there before, rather
//! than compared with it.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::no_attrs;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};

use crate::store::Key;

/// A part of the page.
pub(crate) struct Part(Box<dyn Draw>);

/// Makes a view a part.
pub(crate) fn part<V: RenderHtml + 'static>(view: V) -> Part {
    Part(Box::new(view))
}

/// Makes a view a part that only ever appears while the script runs: the browser has no code for taking it over from
/// what the server drew.
pub(crate) fn late<V: RenderHtml + 'static>(view: V) -> Part {
    Part(Box::new(Late(view)))
}

/// A closure whose result is drawn again whenever what it looked at changes.
pub(crate) type Follow<T> = Arc<Mutex<dyn FnMut() -> T + Send>>;

/// Draws what the closure gives, and again whenever what it looked at changes.
pub(crate) fn follow<T>(draw: impl FnMut() -> T + Send + 'static) -> Follow<T> {
    Arc::new(Mutex::new(draw))
}

/// Draws the part as long as the condition holds.
pub(crate) fn when(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    draw: impl Fn() -> Part + Send + 'static,
) -> Follow<Option<Part>> {
    fn memo(condition: Box<dyn Fn() -> bool + Send + Sync>) -> Memo<bool> {
        Memo::new(move |_| condition())
    }
    let holds = memo(Box::new(condition));
    follow(move || holds.get().then(&draw))
}

/// Draws a row for each key; one that stays is left alone.
pub(crate) fn each(
    keys: impl Fn() -> Vec<Key> + Send + Sync + 'static,
    draw: impl Fn(Key) -> Option<Part> + Send + Sync + 'static,
) -> Part {
    fn rows(
        keys: Box<dyn Fn() -> Vec<Key> + Send + Sync>,
        draw: Arc<dyn Fn(Key) -> Option<Part> + Send + Sync>,
    ) -> Part {
        part(view! { <For each=keys key=|key| *key children=move |key| draw(key)/> })
    }
    rows(Box::new(keys), Arc::new(draw))
}

/// Something to do at an event.
pub(crate) fn act<E: 'static>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}

/// Does something in the browser, and again whenever what it looked at changes.
pub(crate) fn effect(act: impl FnMut() + 'static) {
    fn run(mut act: Box<dyn FnMut()>) {
        Effect::new(move |_| act());
    }
    run(Box::new(act));
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
struct Late<V>(V);

impl<V: RenderHtml + 'static> Draw for Late<V> {
    fn build(self: Box<Self>) -> Drawn {
        Drawn(Box::new(self.0.build()))
    }

    fn hydrate(self: Box<Self>, _: &Cursor, _: &PositionState) -> Drawn {
        self.build()
    }

    #[cfg(feature = "ssr")]
    fn html(self: Box<Self>, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}
}

/// A part that is on the page.
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

impl Render for Part {
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

no_attrs!(Part);

impl RenderHtml for Part {
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
