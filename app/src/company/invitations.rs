//! Who is asked into a list is told so on every page of theirs, and says there whether they come. The stream says all that
//! they are asked to whenever that changes, also to a page that was just loaded.

use std::sync::Arc;

use domain::wire::{AllInvited, Invited};
use domain::{Role, View, isolated};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser;
use crate::store::{Action, Button, Kind, Notice, Notices};

/// How long it is said that one has come, in milliseconds.
const SHOWN_FOR: u64 = 10_000;

/// What the person is asked to. A handle that is free to copy.
#[derive(Clone, Copy)]
pub(super) struct Invitations {
    notices: Notices,
    /// Those that are shown, or were dismissed here.
    known: StoredValue<Vec<Known>>,
}

/// An invitation that is shown, or was.
struct Known {
    invited: Invited,
    notice: Notice,
    /// What is being answered: whether the person comes.
    answer: Option<bool>,
}

impl Invitations {
    pub(super) fn new(notices: Notices) -> Self {
        Self {
            notices,
            known: StoredValue::new(Vec::new()),
        }
    }

    /// Shows all that there are.
    pub(super) fn show(self, AllInvited { invitations }: AllInvited) {
        let mut gone = Vec::new();
        self.known.update_value(|known| {
            known.retain(|one| {
                // Where somebody comes, what the stream says of it may be here sooner than the answer.
                let stays = one.answer == Some(true) || invitations.contains(&one.invited);
                if !stays {
                    gone.push(one.notice.number);
                }
                stays
            });
        });
        for number in gone {
            self.notices.take(number);
        }
        for invited in invitations {
            if self
                .known
                .with_value(|known| known.iter().all(|one| one.invited != invited))
            {
                self.add(invited);
            }
        }
    }

    fn add(self, invited: Invited) {
        let Invited { name, role, by, .. } = &invited;
        let role = match role {
            Role::Viewer => "a viewer",
            Role::Editor => "an editor",
            Role::Owner => "an owner",
        };
        let (by, name) = (isolated(by.as_str()), isolated(name.as_str()));
        let notice = Notice::new(Kind::Invited, format!("{by} invited you to “{name}” as {role}."));
        let number = notice.number;
        let answer = |accepts: bool| Action::Do(Arc::new(move || self.answer(number, accepts)));
        let mut accept = Button::new("Join the list", answer(true));
        accept.is_primary = true;
        let notice = notice
            .offering(accept)
            .offering(Button::new("Decline", answer(false)));
        self.notices.put(notice.clone());
        self.known.update_value(|known| {
            known.push(Known {
                invited,
                notice,
                answer: None,
            });
        });
    }

    /// Notes what is being answered to an invitation, or that nothing is; gives it, unless that was so already.
    fn note(self, number: u32, answer: Option<bool>) -> Option<(Invited, Notice)> {
        let note = |known: &mut Vec<Known>| {
            let one = known.iter_mut().find(|one| one.notice.number == number)?;
            let is_news = one.answer.is_some() != answer.is_some();
            one.answer = answer;
            is_news.then(|| (one.invited.clone(), one.notice.clone()))
        };
        self.known.try_update_value(note).flatten()
    }

    fn answer(self, number: u32, accepts: bool) {
        let Some((invited, notice)) = self.note(number, Some(accepts)) else {
            return;
        };
        spawn_local(async move {
            let verb = if accepts { "accept" } else { "decline" };
            let address = format!("/me/invitations/{}/{verb}", invited.list);
            let answer = browser::send_form(&address, String::new()).await;
            self.note(number, None);
            match answer {
                Ok(answer) if answer.is_done() && accepts => self.joined(&invited, &notice),
                Ok(answer) if answer.is_done() => {} // The stream takes it away.
                Ok(answer) if answer.is_ours => notice
                    .sentence
                    .set("This invitation no longer exists.".to_owned()),
                _ => notice
                    .sentence
                    .set("The server could not be reached. Please try again.".to_owned()),
            }
        });
    }

    fn joined(self, invited: &Invited, notice: &Notice) {
        // What follows on the stream does not take the notice away.
        self.known
            .update_value(|known| known.retain(|one| one.notice.number != notice.number));
        let name = isolated(invited.name.as_str());
        notice.sentence.set(format!("You are on “{name}” now."));
        let open = Action::Open(View::List(invited.list).path(), None);
        notice.buttons.set(vec![Button::new("Open the list", open)]);
        browser::focus_link_in(&notice.element());
        self.notices.ends(notice.number, SHOWN_FOR);
    }
}
