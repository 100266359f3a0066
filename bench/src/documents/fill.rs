//! A list as people have one: tasks of several members, some with notes, some done.

use super::client::Client;
use super::form::{Form, rows, task};
use crate::problem::Problem;

/// How many members there are beside the owner.
const MEMBERS: usize = 3;

/// Every so many tasks have notes.
const WITH_NOTES: usize = 4;

/// Every so many tasks are done.
const DONE: usize = 5;

const TITLES: [&str; 6] = [
    "Buy milk, bread and six eggs",
    "Call the plumber about the tap",
    "Book the train to Hamburg",
    "Water the plants",
    "Write to Aunt Clara about the summer holidays",
    "Return books",
];

const NOTES: &str = "The blue one, not the green one.\nAsk for the receipt.";

/// A list that is filled, and an empty one of the same person beside it.
pub(crate) struct Filled {
    /// Whose lists they are.
    pub(crate) owner: Client,
    /// Where the list is.
    pub(crate) path: String,
    /// Where the empty list is.
    pub(super) empty: String,
}

/// Makes a list of so many tasks.
pub(super) async fn list(port: u16, tasks: usize) -> Result<Filled, Problem> {
    let mut owner = Client::new(port).await?;
    let (path, page) = (first_list(&mut owner).await?, owner.page("/").await?);
    let make = find(&page, "placeholder=\"New list\"")?.set("name", "Empty");
    let empty = owner.post(&make.action, &make.fields).await?;
    let mut people = vec![owner.another()];
    for _ in 0..MEMBERS {
        people.push(member(&mut owner, &path).await?);
    }
    let there = rows(&page).count();
    for number in there..tasks {
        let title = TITLES.get(number % TITLES.len()).copied().unwrap_or_default();
        let at = number % people.len();
        let Some(person) = people.get_mut(at) else {
            continue;
        };
        let page = person.page(&path).await?;
        let add = find(&page, "name=\"title\"")?.set("title", &format!("{title} ({number})"));
        person.post(&add.action, &add.fields).await?;
    }
    let page = owner.page(&path).await?;
    let ids: Vec<String> = rows(&page).filter_map(task).collect();
    for (number, id) in ids.iter().enumerate() {
        if number % WITH_NOTES == 0 {
            let open = find(&page, "id=\"open\"")?.set("task", id);
            let edit = owner.page(&open.address()).await?;
            // A server of an older commit has a form for the notes alone.
            let field = ["field[notes]", "notes"].into_iter();
            let field = field.map(|name| (name, format!("name=\"{name}\"")));
            let (name, mark) = field
                .into_iter()
                .find(|(_, mark)| edit.contains(mark))
                .ok_or("the page of a task has no field for notes")?;
            let save = find(&edit, &mark)?.set(name, NOTES);
            owner.post(&save.action, &save.fields).await?;
        }
        if number % DONE == 0 {
            let complete = find(&page, "id=\"complete\"")?.set("task", id);
            owner.post(&complete.action, &complete.fields).await?;
        }
    }
    Ok(Filled { owner, path, empty })
}

/// Somebody who has joined the list.
async fn member(owner: &mut Client, path: &str) -> Result<Client, Problem> {
    let share = format!("{path}/share");
    let make = find(&owner.page(&share).await?, "make_link")?.set("role", "editor");
    let made = owner.post(&make.action, &make.fields).await?;
    let page = owner.page(&made).await?;
    let code = page
        .split_once("/join#")
        .and_then(|(_, rest)| rest.split('"').next());
    let code = code.ok_or("no link was made")?;
    let mut member = Client::new(owner.port()).await?;
    let join = find(&member.page("/join").await?, "name=\"code\"")?.set("code", code);
    member.post(&join.action, &join.fields).await?;
    Ok(member)
}

async fn first_list(owner: &mut Client) -> Result<String, Problem> {
    let add = find(&owner.page("/").await?, "name=\"title\"")?;
    let list = add.fields.iter().find(|(name, _)| name == "list");
    let (_, list) = list.ok_or("the page does not say which list it shows")?;
    Ok(format!("/lists/{list}"))
}

fn find(page: &str, mark: &str) -> Result<Form, Problem> {
    Form::with(page, mark).ok_or_else(|| format!("no form with {mark} on the page").into())
}
