//! Tasks in the order in which a list with sections is read.

use crate::imported::ImportedTask;

/// First the tasks that are in no section, then each section with its own; else they stay in their order.
pub(crate) fn in_order(tasks: Vec<ImportedTask>) -> Vec<ImportedTask> {
    if !tasks.iter().any(|task| task.section) {
        return tasks;
    }
    // Of each task: the index of its section behind 0, which is none.
    let mut sections: Vec<usize> = Vec::with_capacity(tasks.len());
    for (index, task) in tasks.iter().enumerate() {
        let of_parent = task.parent.and_then(|parent| sections.get(parent)).copied();
        sections.push(if task.section {
            index + 1
        } else {
            of_parent.unwrap_or(0)
        });
    }
    let mut order: Vec<_> = sections.into_iter().zip(tasks).enumerate().collect();
    order.sort_by_key(|(_, (section, _))| *section);
    let mut places = vec![0; order.len()];
    for (place, (index, _)) in order.iter().enumerate() {
        if let Some(at) = places.get_mut(*index) {
            *at = place;
        }
    }
    let tasks = order.into_iter().map(|(_, (_, task))| ImportedTask {
        parent: task.parent.and_then(|parent| places.get(parent).copied()),
        ..task
    });
    tasks.collect()
}
