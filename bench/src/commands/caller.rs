//! One page of one person, working on a list of several: adds, completes, reopens, retitles, moves.

use backend::{Backend, Visitor};
use domain::wire::{Asked, Numbered, Outcome, Push, Reply};
use domain::{ClientId, Command, CommandSeq, Field, ListCommand, ListId, Place, TaskId, Timestamp, Title};

type Problem = Box<dyn std::error::Error + Send + Sync>;

pub(crate) struct Caller {
    backend: Backend,
    visitor: Visitor,
    client: ClientId,
    command_seq: CommandSeq,
    list: ListId,
    tasks: Vec<TaskId>,
    dice: u64,
}

impl Caller {
    pub(crate) fn new(backend: Backend, visitor: Visitor, list: ListId, number: u64) -> Self {
        let mut this = Self {
            backend,
            visitor,
            client: ClientId::from_bytes([0; 16]),
            command_seq: CommandSeq::ZERO,
            list,
            tasks: Vec::new(),
            dice: number,
        };
        this.client = ClientId::from_bytes(this.bytes());
        this
    }

    /// Asks one thing and waits until it is on disk.
    pub(crate) async fn work(&mut self) -> Result<(), Problem> {
        let command = self.command()?;
        self.ask(Command::List(self.list, command)).await
    }

    /// Asks that and waits until it is on disk.
    pub(crate) async fn ask(&mut self, command: Command) -> Result<(), Problem> {
        self.command_seq = self.command_seq.next();
        let push = Push {
            person: self.visitor.person(),
            epoch: self.backend.epoch().clone(),
            client: self.client,
            commands: vec![Numbered {
                command_seq: self.command_seq,
                command: Asked::Readable(command),
            }],
        };
        match self.backend.push(&self.visitor, push).await? {
            Reply::Answered {
                answers,
                expected: None,
                ..
            } if matches!(answers.as_slice(), [answer] if matches!(answer.outcome, Outcome::Done { .. })) => {
                Ok(())
            }
            other => Err(format!("not done: {other:?}").into()),
        }
    }

    fn command(&mut self) -> Result<ListCommand, Problem> {
        let dice = self.roll() % 100;
        let Some(task) = self.pick() else {
            return self.add();
        };
        Ok(match dice {
            0..10 => return self.add(),
            10..30 => ListCommand::set(task, Field::Done(true)),
            30..50 => ListCommand::set(task, Field::Done(false)),
            50..85 => ListCommand::set(task, Field::Title(self.title()?)),
            _ => ListCommand::Move {
                task,
                place: self.pick().map_or(Place::End, Place::After),
            },
        })
    }

    fn add(&mut self) -> Result<ListCommand, Problem> {
        let [_, random @ ..] = self.bytes();
        let random = random.first_chunk().copied().unwrap_or_default();
        let task = TaskId::new(Timestamp(1_800_000_000_000 + self.command_seq.0), random);
        self.tasks.push(task);
        Ok(ListCommand::add(task, Place::Start, self.title()?))
    }

    fn title(&mut self) -> Result<Title, Problem> {
        Ok(Title::parse(&format!(
            "Buy milk and {} other things",
            self.roll() % 100_000
        ))?)
    }

    fn pick(&mut self) -> Option<TaskId> {
        let dice = usize::try_from(self.roll()).unwrap_or(0);
        self.tasks.get(dice.checked_rem(self.tasks.len())?).copied()
    }

    fn bytes(&mut self) -> [u8; 16] {
        (u128::from(self.roll()) << 64 | u128::from(self.roll())).to_be_bytes()
    }

    /// SplitMix64: the same run each time.
    fn roll(&mut self) -> u64 {
        self.dice = self.dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.dice ^ self.dice >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}
