//! The commands that the simulated people send: mostly sensible, sometimes not.

use std::collections::BTreeMap;

use super::Random;
use domain::sync::{Client, Protocol};
use domain::{
    AccountCommand, Colour, Command, Day, Field, ListCommand, ListId, ListName, Notes, PersonId, PersonName,
    Place, Profile, TaskId, Title,
};

/// The lists, tasks and people that commands can be about.
#[derive(Default)]
pub(super) struct Known {
    pub(super) people: Vec<PersonId>,
    pub(super) lists: Vec<ListId>,
    pub(super) tasks: Vec<TaskId>,
    pub(super) codes: BTreeMap<ListId, String>,
    /// Ids that somebody has made. A newcomer's ids follow from a secret, so nobody can take them first.
    made: (Vec<ListId>, Vec<TaskId>),
    pub(super) number: u32,
    /// People join and leave all the time.
    pub(super) restless: bool,
    /// The list that each person left last.
    left: BTreeMap<PersonId, ListId>,
}

/// With more tasks than this, people mostly delete: short lists have more conflicts.
const PLENTY: usize = 9;

impl Known {
    pub(super) const fn number(&mut self) -> u32 {
        self.number += 1;
        self.number
    }

    pub(super) fn compose<S: Protocol>(
        &mut self,
        random: &mut Random,
        client: &Client<S>,
    ) -> Option<Command> {
        let mine: Vec<ListId> = client.account().lists.keys().copied().collect();
        match random.below(100) {
            0..4 => return self.create(random, mine.len()),
            4..12 => return self.join(random, &mine),
            12..15 => {
                return Some(Command::Account(AccountCommand::SetProfile {
                    profile: self.profile(random),
                }));
            }
            15..32 if self.restless => return self.come_back(client).or_else(|| self.join(random, &mine)),
            32..48 if self.restless => return self.part(random, client),
            _ => {}
        }
        let lists = if random.chance(96) { &mine } else { &self.lists };
        let list = random.pick(lists)?;
        let shown = client.list(list);
        let tasks: Vec<TaskId> = shown
            .into_iter()
            .flat_map(|list| list.tasks())
            .map(|task| task.id)
            .collect();
        let trash: Vec<TaskId> = shown
            .into_iter()
            .flat_map(|list| list.all_tasks())
            .filter(|task| !task.is_live())
            .map(|task| task.id)
            .collect();
        let any = random.pick(&self.tasks)?;
        let task = random.pick(&tasks).filter(|_| random.chance(94)).unwrap_or(any);
        let anchor = random.pick(&tasks).filter(|_| random.chance(85)).unwrap_or(any);
        let place = match random.below(9) {
            0 => Place::Start,
            1 | 2 => Place::End,
            3 | 4 => Place::EndOf(anchor),
            5 => Place::StartOf(anchor),
            _ => Place::After(anchor),
        };
        let kind = random.below(if tasks.len() > PLENTY { 70 } else { 100 });
        Some(Command::List(
            list,
            match kind {
                0..10 => ListCommand::Delete { task },
                10..13 => ListCommand::set(task, Field::Done(true)),
                13..16 => ListCommand::Complete {
                    task,
                    next: self.task(random),
                    due: Day::of_unix_days((20_000 + random.below(1_000)) as i32)?,
                },
                16..20 => ListCommand::ClearCompleted {},
                20..42 => self.set(random, task, client, list)?,
                42..56 => ListCommand::Move { task, place },
                56..61 => ListCommand::Restore {
                    task: random.pick(&trash).unwrap_or(any),
                },
                61..65 => ListCommand::Rename { name: self.name()? },
                65..70 => ListCommand::RemoveMember {
                    person: self.member(random, client)?,
                },
                _ => ListCommand::AddTask {
                    task: self.task(random),
                    place,
                    title: self.title()?,
                    fields: self.fields(random),
                },
            },
        ))
    }

    /// Some of what a new task may have from the beginning.
    fn fields(&mut self, random: &mut Random) -> Vec<Field> {
        let mut fields = Field::examples(self.number());
        fields.retain(|field| random.chance(30) && field.text().is_none());
        // Anybody, who may be in the list or not.
        for field in &mut fields {
            if let Field::Assigned(person, _) = field {
                *person = random.pick(&self.people).unwrap_or(*person);
            }
        }
        fields
    }

    fn create(&mut self, random: &mut Random, has: usize) -> Option<Command> {
        let list = match random.pick(&self.made.0) {
            Some(taken) if has > 3 || random.chance(8) => taken,
            _ => {
                let list = ListId::from_bytes(random.id(self.number()));
                self.lists.push(list);
                self.made.0.push(list);
                list
            }
        };
        Some(Command::Account(AccountCommand::CreateList {
            list,
            name: self.name()?,
        }))
    }

    fn join(&self, random: &mut Random, mine: &[ListId]) -> Option<Command> {
        let others: Vec<ListId> = self
            .lists
            .iter()
            .copied()
            .filter(|list| !mine.contains(list))
            .collect();
        let lists = if random.chance(90) { &others } else { &self.lists };
        let list = random.pick(lists)?;
        let code = self
            .codes
            .get(&list)
            .cloned()
            .filter(|_| random.chance(90))
            .unwrap_or_default();
        Some(Command::Account(AccountCommand::Join { list, code }))
    }

    /// Mostly a new id, sometimes one that is in use.
    fn task(&mut self, random: &mut Random) -> TaskId {
        if let Some(taken) = random.pick(&self.made.1).filter(|_| random.chance(4)) {
            return taken;
        }
        let task = TaskId::from_bytes(random.id(self.number()));
        self.tasks.push(task);
        self.made.1.push(task);
        task
    }

    fn member<S: Protocol>(&self, random: &mut Random, client: &Client<S>) -> Option<PersonId> {
        if random.chance(40) {
            Some(client.account().person)
        } else {
            random.pick(&self.people)
        }
    }

    /// Returns to the list that the person left last, if its link is known.
    fn come_back<S: Protocol>(&mut self, client: &Client<S>) -> Option<Command> {
        let list = self.left.remove(&client.account().person)?;
        let code = self.codes.get(&list)?.clone();
        Some(Command::Account(AccountCommand::Join { list, code }))
    }

    /// A person leaves a list, or removes somebody from theirs.
    fn part<S: Protocol>(&mut self, random: &mut Random, client: &Client<S>) -> Option<Command> {
        let me = client.account().person;
        let lists: Vec<ListId> = client.account().lists.keys().copied().collect();
        let list = random.pick(&lists)?;
        let members = &client.list(list)?.members;
        let others: Vec<PersonId> = members.keys().copied().filter(|person| *person != me).collect();
        let mine = client
            .account()
            .lists
            .get(&list)
            .is_some_and(|role| role.can_manage());
        let person = if mine { random.pick(&others)? } else { me };
        self.left.insert(person, list);
        Some(Command::List(list, ListCommand::RemoveMember { person }))
    }

    /// Any field, sometimes only if it still has the value that the person sees.
    fn set<S: Protocol>(
        &mut self,
        random: &mut Random,
        task: TaskId,
        client: &Client<S>,
        list: ListId,
    ) -> Option<ListCommand> {
        let mut field = random.pick(&Field::examples(self.number()))?;
        if let Field::Assigned(..) = field {
            field = Field::Assigned(self.member(random, client)?, random.chance(60));
        }
        let seen = client.list(list).and_then(|list| list.task(task));
        let base = seen.map(|task| field.of(task));
        if let Field::Notes(_) = field {
            // One more line: the text before must stay, or the oracles notice.
            let base = base.unwrap_or_else(|| Field::Notes(Notes::default()));
            let mut lines: Vec<String> = base.text()?.lines().take(5).map(str::to_owned).collect();
            let at = random.below(lines.len() + 1);
            lines.insert(at, format!("line {}", self.number()));
            field = Field::Notes(Notes::parse(&lines.join("\n")).ok()?);
            return Some(ListCommand::set_from(task, base, field));
        }
        let base = base.filter(|_| random.chance(30));
        Some(ListCommand::Set { task, field, base })
    }

    fn profile(&mut self, random: &mut Random) -> Profile {
        let name = format!("Person {}", self.number());
        Profile {
            name: PersonName::parse(&name).unwrap_or_else(|_| unreachable!("{name} is a name")),
            colour: Colour::parse(random.below(12) as u8).unwrap_or_default(),
        }
    }

    fn title(&mut self) -> Option<Title> {
        Title::parse(&format!("Task {}", self.number())).ok()
    }

    fn name(&mut self) -> Option<ListName> {
        ListName::parse(&format!("List {}", self.number())).ok()
    }
}
