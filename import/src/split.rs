//! Makes several lists of tasks that are too many for one. A task and all that is a part of it stay together where one list holds them, and
//! so does a section. A section that no list holds goes on in the next, below its name, which is there again.

use std::collections::{BTreeMap, HashMap};

use domain::{Notes, Title};

use crate::draft::{Draft, PART_OF, short};
use crate::imported::ImportedTask;
use crate::remark::{Reason, Remark};

/// The tasks of one of the lists.
#[derive(Default)]
pub(crate) struct Part {
    pub(crate) tasks: Vec<ImportedTask>,
    /// On those that are no subtasks any more.
    pub(crate) remarks: Vec<Remark>,
    /// The bytes of what their notes say of that, and of the names of sections that are there again.
    pub(crate) bytes: usize,
}

/// The tasks in parts of at most so many.
pub(crate) fn split(tasks: Vec<ImportedTask>, most: usize) -> Vec<Part> {
    if tasks.len() <= most {
        let part = Part {
            tasks,
            ..Part::default()
        };
        return vec![part];
    }
    let parents: Vec<Option<usize>> = tasks.iter().map(|task| task.parent).collect();
    let mut cut = Cut {
        places: HashMap::with_capacity(tasks.len()),
        tasks: tasks.into_iter().map(Some).collect(),
        parts: Vec::new(),
        part: Part::default(),
        section: None,
        most,
    };
    for family in families(&parents, 0..parents.len(), None) {
        match family.split_first() {
            Some((root, rest)) if family.len() > most && cut.begin_section(*root) => {
                for family in families(&parents, rest.iter().copied(), Some(*root)) {
                    cut.put_family(&family);
                }
                cut.section = None;
            }
            _ => cut.put_family(&family),
        }
    }
    cut.next();
    cut.parts.retain(|part| !part.tasks.is_empty());
    cut.parts
}

/// Each task that is a part of nothing but `above`, with all that is a part of it, in order.
fn families(
    parents: &[Option<usize>],
    tasks: impl Iterator<Item = usize>,
    above: Option<usize>,
) -> Vec<Vec<usize>> {
    let (mut roots, mut families) = (HashMap::new(), BTreeMap::<_, Vec<_>>::new());
    for index in tasks {
        let parent = parents.get(index).copied().flatten();
        let root = parent.filter(|parent| Some(*parent) != above);
        let root = root.and_then(|parent| roots.get(&parent).copied());
        let root = root.unwrap_or(index);
        roots.insert(index, root);
        families.entry(root).or_default().push(index);
    }
    families.into_values().collect()
}

/// Tasks that are being cut into parts.
struct Cut {
    /// Those that are in no part yet.
    tasks: Vec<Option<ImportedTask>>,
    most: usize,
    parts: Vec<Part>,
    /// The last part.
    part: Part,
    /// Of each task: in which part it is, and where in that.
    places: HashMap<usize, (usize, usize)>,
    /// The section that no list holds, while its tasks are put into parts.
    section: Option<Section>,
}

/// A section that goes on in several parts.
struct Section {
    index: usize,
    title: Title,
    /// The section itself, until it is in a part.
    first: Option<ImportedTask>,
    /// In which part it was last, and where in that.
    place: Option<(usize, usize)>,
}

impl Cut {
    /// Whether that task is a section, whose tasks come from now on.
    fn begin_section(&mut self, index: usize) -> bool {
        let task = self.tasks.get_mut(index);
        let Some(task) = task.and_then(|task| task.take_if(|task| task.section)) else {
            return false;
        };
        self.section = Some(Section {
            index,
            title: task.title.clone(),
            first: Some(task),
            place: None,
        });
        true
    }

    /// Goes on with another part.
    fn next(&mut self) {
        self.parts.push(std::mem::take(&mut self.part));
    }

    /// Where the section is in the last part.
    fn section_here(&self) -> Option<usize> {
        let (part, place) = self.section.as_ref()?.place?;
        (part == self.parts.len()).then_some(place)
    }

    /// Whether the last part has room for so many tasks, and for the section if that is not there.
    fn has_room(&self, tasks: usize) -> bool {
        let section = self.section.is_some() && self.section_here().is_none();
        self.part.tasks.len() + usize::from(section) + tasks <= self.most
    }

    fn put_family(&mut self, family: &[usize]) {
        // One that is too large for any list goes on in the next.
        let of_section = usize::from(self.section.is_some());
        if !self.has_room(family.len()) && of_section + family.len() <= self.most {
            self.next();
        }
        for index in family {
            if let Some(task) = self.tasks.get_mut(*index).and_then(Option::take) {
                self.put(*index, task);
            }
        }
    }

    fn put(&mut self, index: usize, mut task: ImportedTask) {
        if !self.has_room(1) {
            self.next();
        }
        self.put_section();
        let section = self.section.as_ref().map(|section| section.index);
        if let Some(parent) = task.parent {
            let place = self.places.get(&parent).copied();
            let here = place.filter(|(part, _)| *part == self.parts.len());
            task.parent = here.map(|(_, place)| place).or(self.section_here());
            let elsewhere = place.filter(|_| here.is_none() && Some(parent) != section);
            let elsewhere = elsewhere.and_then(|(part, place)| self.parts.get(part)?.tasks.get(place));
            if let Some(parent) = elsewhere {
                self.part.leave(&mut task, parent);
            }
        }
        self.places
            .insert(index, (self.parts.len(), self.part.tasks.len()));
        self.part.tasks.push(task);
    }

    /// Puts the section into the last part, if it is not there.
    fn put_section(&mut self) {
        if self.section_here().is_some() {
            return;
        }
        let Some(section) = &mut self.section else { return };
        section.place = Some((self.parts.len(), self.part.tasks.len()));
        if let Some(task) = section.first.take() {
            self.part.tasks.push(task);
        } else {
            let (again, _) = Draft::section(None, section.title.as_str()).finish();
            self.part.tasks.extend(again);
            self.part.bytes += section.title.as_str().len();
        }
    }
}

impl Part {
    /// A task comes without its parent, which is in another list.
    fn leave(&mut self, task: &mut ImportedTask, parent: &ImportedTask) {
        let before = task.notes.as_str();
        let between = if before.is_empty() { "" } else { "\n\n" };
        let notes = format!("{before}{between}{PART_OF}: {}", short(parent.title.as_str()));
        // Notes that have no room for it stay as they are.
        if let Ok(notes) = Notes::parse(&notes) {
            self.bytes += notes.as_str().len() - before.len();
            task.notes = notes;
        }
        self.remarks.push(Remark {
            row: None,
            about: short(task.title.as_str()),
            reason: Reason::OtherList,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Draft;

    /// Tasks, each with its parent.
    fn tasks(parents: &[Option<usize>]) -> Vec<ImportedTask> {
        let task = |(index, &parent): (usize, &Option<usize>)| {
            let (tasks, _) = Draft::new(index, index.to_string()).finish();
            tasks.into_iter().map(move |task| ImportedTask { parent, ..task })
        };
        parents.iter().enumerate().flat_map(task).collect()
    }

    /// Each part, a task as `title`, or `title<the title of its parent`.
    fn shown(parts: &[Part]) -> Vec<String> {
        let shown = |part: &Part| {
            let title = |at: usize| part.tasks[at].title.to_string();
            let task = |(index, task): (usize, &ImportedTask)| match task.parent {
                Some(parent) => format!("{}<{}", title(index), title(parent)),
                None => title(index),
            };
            let tasks: Vec<_> = part.tasks.iter().enumerate().map(task).collect();
            tasks.join(" ")
        };
        parts.iter().map(shown).collect()
    }

    #[test]
    fn what_is_a_part_of_a_task_comes_into_the_same_list() {
        for (parents, expected) in [
            (&[None, None, Some(1), Some(2)][..], &["0", "1 2<1 3<2"][..]),
            (&[None, Some(0), None, None], &["0 1<0 2", "3"]),
            (&[None, None, None, None], &["0 1 2", "3"]),
            // A subtask of one before the last.
            (&[None, None, Some(0), None], &["0 2<0 1", "3"]),
        ] {
            assert_eq!(shown(&split(tasks(parents), 3)), expected, "{parents:?}");
        }
    }

    /// The same, of which those are sections.
    fn with_sections(sections: &[usize], parents: &[Option<usize>]) -> Vec<ImportedTask> {
        let mut tasks = tasks(parents);
        for index in sections {
            tasks[*index].section = true;
        }
        tasks
    }

    #[test]
    fn a_section_stays_whole_or_goes_on_below_its_name() {
        let (none, first) = (None::<usize>, Some(0));
        for (sections, parents, expected) in [
            // It fits into the next list, or into any.
            (
                &[2][..],
                &[none, none, none, Some(2), Some(2)][..],
                &["0 1", "2 3<2 4<2"][..],
            ),
            (&[0, 2], &[none, first, none, none], &["0 1<0 2", "3"]),
            // It fits into none, and begins where it stands.
            (
                &[0],
                &[none, first, first, first, first],
                &["0 1<0 2<0", "0 3<0 4<0"],
            ),
            (
                &[1],
                &[none, none, Some(1), Some(1), Some(1)],
                &["0 1 2<1", "1 3<1 4<1"],
            ),
            // Its name is not the last of a list.
            (
                &[2],
                &[none, none, none, Some(2), Some(2), Some(2)],
                &["0 1", "2 3<2 4<2", "2 5<2"],
            ),
            // A task with its subtask stays whole, too.
            (
                &[0],
                &[none, first, first, Some(2), first],
                &["0 1<0", "0 2<0 3<2", "0 4<0"],
            ),
            // Behind it nothing is in it.
            (
                &[0, 4],
                &[none, first, first, first, none, Some(4)],
                &["0 1<0 2<0", "0 3<0", "4 5<4"],
            ),
        ] {
            let parts = split(with_sections(sections, parents), 3);
            assert_eq!(shown(&parts), expected, "{parents:?}");
            for part in &parts {
                assert!(part.remarks.is_empty());
                let tasks = part.tasks.iter();
                let mut below = tasks.filter_map(|task| task.parent.and_then(|at| part.tasks.get(at)));
                assert!(below.all(|parent| parent.section || parent.title.as_str() == "2"));
                assert!(part.tasks.iter().all(|task| task.notes.is_empty()));
            }
        }
    }

    #[test]
    fn however_tasks_are_nested_each_is_in_one_part_behind_its_parent() {
        bolero::check!()
            .with_type::<(u8, Vec<(bool, Option<u8>)>)>()
            .for_each(|(most, typed)| {
                let most = 2 + usize::from(most % 6);
                let before = |index: usize, at: u8| usize::from(at).checked_rem(index);
                let parents = typed.iter().enumerate();
                let parents: Vec<_> = parents.map(|(index, (_, at))| before(index, (*at)?)).collect();
                let is_section = |index: &usize| typed[*index].0 && parents[*index].is_none();
                let sections: Vec<usize> = (0..typed.len()).filter(is_section).collect();
                let root = |index: usize| std::iter::successors(Some(index), |at| parents[*at]).last();
                let parts = split(with_sections(&sections, &parents), most);
                let mut all = Vec::new();
                for part in &parts {
                    assert!(part.tasks.len() <= most);
                    let number = |at: usize| part.tasks[at].title.as_str().parse::<usize>().unwrap();
                    for (index, task) in part.tasks.iter().enumerate() {
                        assert!(task.parent.is_none_or(|parent| parent < index));
                        // What was in a section is in it.
                        let roots = std::iter::successors(Some(index), |at| part.tasks[*at].parent);
                        let section = root(number(index)).filter(|root| sections.contains(root));
                        let here = roots.last().map(number).filter(|root| sections.contains(root));
                        assert_eq!(here, section);
                    }
                    all.extend((0..part.tasks.len()).map(number));
                }
                all.sort_unstable();
                all.dedup_by(|a, b| a == b && sections.contains(a));
                assert_eq!(all, (0..typed.len()).collect::<Vec<_>>());
            });
    }

    #[test]
    fn subtasks_that_no_list_holds_stay_in_their_section() {
        let parents = [None, Some(0), Some(1), Some(1), Some(1)];
        let parts = split(with_sections(&[0], &parents), 3);
        assert_eq!(shown(&parts), ["0 1<0 2<1", "0 3<0 4<0"]);
        assert_eq!(parts[1].tasks[1].notes.as_str(), "Part of: 1");
        assert_eq!(parts[1].remarks.len(), 2);
        assert_eq!(parts[1].bytes, 1 + 2 * "Part of: 1".len());
    }

    #[test]
    fn what_no_list_holds_goes_on_in_the_next_and_that_is_said() {
        let parents = [None, None, Some(1), Some(1), Some(3), Some(4), Some(1), None];
        let parts = split(tasks(&parents), 3);
        assert_eq!(shown(&parts), ["0 1 2<1", "3 4<3 5<4", "6 7"]);
        let notes = |part: usize| parts[part].tasks[0].notes.as_str();
        assert_eq!((notes(1), notes(2)), ("Part of: 1", "Part of: 1"));
        let remarks = |part: &Part| {
            part.remarks
                .iter()
                .map(|remark| remark.reason)
                .collect::<Vec<_>>()
        };
        let expected = [vec![], vec![Reason::OtherList], vec![Reason::OtherList]];
        assert_eq!(parts.iter().map(remarks).collect::<Vec<_>>(), expected);
        assert_eq!(parts.iter().map(|part| part.bytes).sum::<usize>(), 20);
    }
}
