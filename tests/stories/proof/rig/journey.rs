//! The points that a run of the program passes, and which of them are dangerous.

use super::scene::Kind;

/// A place to die: a point, and which visit of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kill {
    pub point: String,
    pub visit: usize,
}

impl Kill {
    /// As `LOA_FAULTS` says it.
    pub(crate) fn plan(&self) -> String {
        format!("kill={}:{}", self.point, self.visit)
    }
}

/// The points of one run, each with the number of its visit.
pub(crate) struct Journey {
    pub places: Vec<Kill>,
    /// Calls between the first reading and the final call.
    preparing: usize,
}

impl Journey {
    pub(super) fn of(points: &str, kind: Kind) -> Self {
        let mut places: Vec<Kill> = Vec::new();
        for point in points.lines() {
            let before = places.iter().filter(|place| place.point == point).count();
            places.push(Kill {
                point: point.to_owned(),
                visit: before + 1,
            });
        }
        Self {
            places,
            preparing: kind.preparing_calls(),
        }
    }

    /// How often a point was passed.
    pub(crate) fn visits(&self, point: &str) -> usize {
        let visits = self.places.iter().filter(|place| place.point == point);
        visits.count()
    }

    /// All from the first reading of the Page on: what is done to it, and written down of it.
    pub(crate) fn since_reading(&self) -> &[Kill] {
        &self.places[self.place("graph.asking", 1)..]
    }

    /// All from the announcement of the final call on.
    pub(crate) fn since_announcement(&self) -> &[Kill] {
        let before = &self.places[..self.final_call()];
        let announced = before
            .iter()
            .rposition(|place| place.point == "journal.writing");
        &self.places[announced.unwrap()..]
    }

    /// The place right before the final call, or right after its answer.
    pub(crate) fn at_final_call(&self, point: &str) -> Kill {
        let place = &self.places[self.final_call()];
        Kill {
            point: point.to_owned(),
            visit: place.visit,
        }
    }

    /// The Page is read first, then gets the pictures, or looks at the address for its card.
    fn final_call(&self) -> usize {
        self.place("graph.asking", 2 + self.preparing)
    }

    fn place(&self, point: &str, visit: usize) -> usize {
        self.places
            .iter()
            .position(|place| place.point == point && place.visit == visit)
            .unwrap_or_else(|| panic!("{point}:{visit} was not passed"))
    }
}
