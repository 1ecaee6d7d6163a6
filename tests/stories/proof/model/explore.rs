//! Visits every world that can be reached from the first, breadth first, so that what is found
//! comes with the shortest way to it.

use std::collections::{HashMap, VecDeque};

use super::world::{Key, Scope, World};

/// What a visit to all worlds came to.
#[derive(Debug)]
pub(super) struct Explored {
    /// How many worlds there are; those visited until something broke.
    pub(super) states: usize,
    pub(super) broken: Option<Broken>,
}

/// A world that must not be, and the shortest way there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) what: &'static str,
    pub(super) moves: Vec<&'static str>,
}

#[derive(Default)]
struct Atlas {
    places: HashMap<Key, usize>,
    worlds: Vec<World>,
    /// From which world, by which move, each was reached first.
    came: Vec<Option<(usize, &'static str)>>,
    /// The worlds from which each can be reached without a further fault.
    by_itself_from: Vec<Vec<usize>>,
}

/// Visits all worlds of the scope, or those up to the first that must not be.
pub(super) fn explore(scope: &Scope) -> Explored {
    let mut atlas = Atlas::default();
    let mut queue = VecDeque::from([atlas.enter(World::first(scope), None)]);
    while let Some(place) = queue.pop_front() {
        if let Some(what) = atlas.worlds[place].wrong() {
            return atlas.broken(what, place);
        }
        for step in atlas.worlds[place].clone().steps(scope) {
            let known = atlas.worlds.len();
            let next = atlas.enter(step.to, Some((place, step.name)));
            if !step.fault {
                atlas.by_itself_from[next].push(place);
            }
            if next == known {
                queue.push_back(next);
            }
        }
    }
    match atlas.stuck() {
        Some(place) => atlas.broken("stuck", place),
        None => Explored {
            states: atlas.worlds.len(),
            broken: None,
        },
    }
}

impl Atlas {
    fn enter(&mut self, world: World, from: Option<(usize, &'static str)>) -> usize {
        let next = self.worlds.len();
        let place = *self.places.entry(world.key()).or_insert(next);
        if place == next {
            self.worlds.push(world);
            self.came.push(from);
            self.by_itself_from.push(Vec::new());
        }
        place
    }

    /// A world from which nothing settles although no further fault comes.
    fn stuck(&self) -> Option<usize> {
        let mut settles: Vec<bool> = self.worlds.iter().map(World::is_settled).collect();
        let mut queue: Vec<usize> = (0..settles.len()).filter(|place| settles[*place]).collect();
        while let Some(place) = queue.pop() {
            for before in &self.by_itself_from[place] {
                if !settles[*before] {
                    settles[*before] = true;
                    queue.push(*before);
                }
            }
        }
        settles.iter().position(|settles| !settles)
    }

    fn broken(&self, what: &'static str, place: usize) -> Explored {
        let way = std::iter::successors(self.came[place], |(before, _)| self.came[*before]);
        let mut moves: Vec<&'static str> = way.map(|(_, name)| name).collect();
        moves.reverse();
        Explored {
            states: self.worlds.len(),
            broken: Some(Broken { what, moves }),
        }
    }
}
