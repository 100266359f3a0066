//! People: how they appear to others, and what they may do in a list.

use serde::{Deserialize, Serialize};

use crate::PersonName;
use crate::json::Read;

/// What a member may do in a list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May look at the list.
    Viewer,
    /// May change the tasks.
    Editor,
    /// Works on the tasks, names the list, says who is in it.
    Owner,
}

impl Role {
    /// Whether the tasks may be changed.
    pub const fn can_edit(self) -> bool {
        matches!(self, Self::Editor | Self::Owner)
    }

    /// Whether the list's name and members may be changed.
    pub const fn can_manage(self) -> bool {
        matches!(self, Self::Owner)
    }

    /// The word for it, in the database and on the page.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }

    /// The role with that word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Viewer, Self::Editor, Self::Owner]
            .into_iter()
            .find(|role| role.as_str() == word)
    }
}

/// One of twelve colours that a person is shown in, `0..=11`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, Read)]
#[serde(try_from = "u8", into = "u8")]
pub struct Colour(u8);

impl Colour {
    /// How many there are.
    pub const COUNT: u8 = 12;

    /// The colour with that number, if there is one.
    pub const fn parse(number: u8) -> Option<Self> {
        if number < Self::COUNT {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The colour's number, from 0 to 11.
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Colour {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Self::parse(number).ok_or("a colour is a number from 0 to 11")
    }
}

impl From<Colour> for u8 {
    fn from(colour: Colour) -> Self {
        colour.0
    }
}

/// How a person appears to others.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Profile {
    /// What they are called.
    pub name: PersonName,
    /// The colour of their mark.
    pub colour: Colour,
}
