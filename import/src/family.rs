//! Parents and children in one order, whatever order a file has them in.

use std::collections::HashMap;

use crate::collect::TaskAt;
use crate::draft::Draft;
use crate::json::Id;
use crate::remark::Reason;

/// Where a task stands in its family.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kin {
    /// It has no parent.
    Root,
    /// It is below the one with that index.
    Child(usize),
    /// Its parent is not there.
    Orphan,
    /// Its parent is below it.
    Circle,
}

/// Every index once, with each one's children right after it. `ids` are the ids with those of the parents.
pub(crate) fn in_order(ids: &[(&Id, Option<&Id>)]) -> Vec<(usize, Kin)> {
    let mut by_id: HashMap<&Id, usize> = HashMap::with_capacity(ids.len());
    for (index, (id, _)) in ids.iter().enumerate() {
        // Of two with one id, which no program writes, the first is the parent.
        by_id.entry(*id).or_insert(index);
    }
    let mut children: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut roots = Vec::new();
    for (index, (_, parent)) in ids.iter().enumerate() {
        match parent.map(|parent| by_id.get(parent)) {
            None => roots.push((index, Kin::Root)),
            Some(None) => roots.push((index, Kin::Orphan)),
            Some(Some(parent)) => children.entry(*parent).or_default().push(index),
        }
    }
    let (mut order, mut is_placed) = (Vec::with_capacity(ids.len()), vec![false; ids.len()]);
    // Whoever is reached from no root is in a circle or below one.
    let circles = (0..ids.len()).map(|index| (index, Kin::Circle));
    let mut waiting = Vec::new();
    for root in roots.into_iter().chain(circles) {
        waiting.push(root);
        // By hand, since a family may be as deep as the file is long.
        while let Some((index, kin)) = waiting.pop() {
            let Some(is_placed) = is_placed.get_mut(index).filter(|is_placed| !**is_placed) else {
                continue;
            };
            *is_placed = true;
            order.push((index, kin));
            let of_it = children.get(&index).into_iter().flatten();
            waiting.extend(of_it.rev().map(|child| (*child, Kin::Child(index))));
        }
    }
    order
}

impl Kin {
    /// Where the parent of a task is among those that were found, by its index; else why there is none.
    pub(crate) fn parent(self, draft: &mut Draft, found: &HashMap<usize, TaskAt>) -> Option<TaskAt> {
        match self {
            Self::Root => {}
            Self::Child(index) => return found.get(&index).copied(),
            Self::Orphan => draft.remark(Reason::NoParent),
            Self::Circle => draft.remark(Reason::Circle),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_follow_their_parents_and_circles_end() {
        let id = |text: &str| Id(text.to_owned());
        let ids: Vec<_> = ["c>b", "a", "b>a", "x>y", "y>x", "o>gone", "s>s", "a"]
            .map(|one| match one.split_once('>') {
                Some((one, parent)) => (id(one), Some(id(parent))),
                None => (id(one), None),
            })
            .into();
        let ids: Vec<_> = ids.iter().map(|(id, parent)| (id, parent.as_ref())).collect();
        let expected = [
            (1, Kin::Root),
            (2, Kin::Child(1)),
            (0, Kin::Child(2)),
            (5, Kin::Orphan),
            (7, Kin::Root),
            (3, Kin::Circle),
            (4, Kin::Child(3)),
            (6, Kin::Circle),
        ];
        assert_eq!(in_order(&ids), expected);
    }

    #[test]
    fn a_family_may_be_as_deep_as_it_likes() {
        let id = |number: usize| Id(number.to_string());
        let ids: Vec<_> = (0..50_000)
            .rev()
            .map(|number| (id(number), number.checked_sub(1).map(id)))
            .collect();
        let ids: Vec<_> = ids.iter().map(|(id, parent)| (id, parent.as_ref())).collect();
        let order = in_order(&ids);
        assert!(order.iter().map(|(index, _)| *index).eq((0..50_000).rev()));
    }
}
