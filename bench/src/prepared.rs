//! Who asks Tandem: people who may read shared lists, each list with a host who changes it. Each reader is a person of
//! their own with one stream. Everything follows from numbers, so the load client needs no more than those.

use std::path::Path;
use std::sync::Arc;

use backend::{Backend, Config, Terms, Visitor};
use domain::wire::{Asked, Numbered, Outcome, Push, Reply};
use domain::{AccountCommand, ClientId, Command, CommandSeq};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::load::Shape;
use crate::problem::Problem;

/// How many join at once; what comes together shares a transaction.
const TOGETHER: usize = 256;

/// The bits of a reader's cookie.
pub(crate) fn reader(shape: Shape, topic: usize, reader: usize) -> [u8; 32] {
    token(shape, topic, reader + 1)
}

/// The bits of the cookie of the one whose first list the topic is.
pub(crate) fn host(shape: Shape, topic: usize) -> [u8; 32] {
    token(shape, topic, 0)
}

fn token(Shape { topics, readers }: Shape, topic: usize, person: usize) -> [u8; 32] {
    let mut token = [1; 32];
    let numbers = [topics, readers, topic, person].map(usize::to_be_bytes);
    token
        .iter_mut()
        .zip(numbers.as_flattened())
        .for_each(|(to, from)| *to = *from);
    token
}

/// Makes a database in which all of those are members, and says its epoch.
pub(crate) async fn database(path: &Path, shapes: &[Shape]) -> Result<String, Problem> {
    let backend = Backend::open(Config::new(path.display().to_string())).await?;
    let places = Arc::new(Semaphore::new(TOGETHER));
    let mut joining = JoinSet::new();
    for &shape in shapes {
        for topic in 0..shape.topics {
            let host = Visitor::from_token(&host(shape, topic));
            let list = host.first_list();
            let code = backend
                .lists()
                .make_link(&host, list, Terms::default())
                .await?
                .code;
            for number in 0..shape.readers {
                let visitor = Visitor::from_token(&reader(shape, topic, number));
                let command = Command::Account(AccountCommand::Join {
                    list,
                    code: code.clone(),
                });
                let (backend, place) = (backend.clone(), Arc::clone(&places).acquire_owned().await?);
                joining.spawn(async move {
                    let outcome = ask(&backend, &visitor, command).await;
                    drop(place);
                    outcome
                });
            }
        }
    }
    while let Some(joined) = joining.join_next().await {
        joined??;
    }
    let epoch = backend.epoch().to_string();
    backend.close().await;
    Ok(epoch)
}

async fn ask(backend: &Backend, visitor: &Visitor, command: Command) -> Result<(), Problem> {
    let push = Push {
        person: visitor.person(),
        epoch: backend.epoch().clone(),
        client: client(visitor),
        commands: vec![Numbered {
            command_seq: CommandSeq(1),
            command: Asked::Readable(command),
        }],
    };
    match backend.push(visitor, push).await? {
        Reply::Answered { answers, .. } if matches!(answers.as_slice(), [answer] if matches!(answer.outcome, Outcome::Done { .. })) => {
            Ok(())
        }
        other => Err(format!("not done: {other:?}").into()),
    }
}

fn client(visitor: &Visitor) -> ClientId {
    ClientId::from_bytes(*visitor.person().as_bytes())
}
