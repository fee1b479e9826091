//! Units by their ids, and which unit was meant by an id that there is not.

use std::collections::{HashMap, HashSet};

use crate::finding::{Severity, nearest};
use crate::plan::json::file::UnitFile;
use crate::plan::json::place::{Place, Remarks};
use crate::plan::json::text::UnitId;
use crate::plan::{UnitIx, index};

/// How many comparisons the guesses may cost; beyond that, a file is wrong in another way.
const MOST_COMPARISONS: usize = 200_000;

/// The units by their ids.
pub(super) struct UnitNames<'f> {
    by_id: HashMap<&'f str, UnitIx>,
    listed: &'f [UnitFile<'f>],
    /// Whether some unit has no readable id, so that an unknown id may be its.
    nameless: bool,
    comparisons: usize,
}

impl<'f> UnitNames<'f> {
    /// Makes the names of all units; of two with one id the first counts.
    pub(super) fn new(listed: &'f [UnitFile<'f>]) -> Self {
        let mut by_id = HashMap::with_capacity(listed.len());
        for (place, unit) in listed.iter().enumerate() {
            by_id.entry(&*unit.id).or_insert(UnitIx(index(place)));
        }
        let nameless = by_id.contains_key("");
        Self { by_id, listed, nameless, comparisons: 0 }
    }

    /// Returns the unit with this id, without a word if there is none.
    pub(super) fn get(&self, id: &str) -> Option<UnitIx> {
        self.by_id.get(id).copied()
    }

    /// Returns the unit with this id, or tells that there is none.
    pub(super) fn find(&mut self, id: &str, place: Place, remarks: &mut Remarks) -> Option<UnitIx> {
        let found = self.get(id).filter(|_| !id.is_empty());
        if found.is_none() && !self.nameless {
            let message = format!("unit `{id}` is not in the plan");
            remarks.error("unknown_unit", place, message, self.guess(id));
        }
        found
    }

    /// Returns the units of a list, each once, and tells of those that there are not.
    pub(super) fn find_all(
        &mut self,
        ids: Option<&[UnitId<'_>]>,
        place: Place,
        remarks: &mut Remarks,
    ) -> Vec<UnitIx> {
        let mut seen = HashSet::new();
        let mut found = Vec::with_capacity(ids.map_or(0, <[_]>::len));
        for (item, id) in ids.unwrap_or_default().iter().enumerate() {
            let place = place.item(index(item));
            let Some(unit) = self.find(id, place, remarks) else { continue };
            if seen.insert(unit) {
                found.push(unit);
            } else {
                let message = format!("`{}` stands in this list twice", &**id);
                remarks.say(Severity::Warning, "named_twice", place, message, None);
            }
        }
        found
    }

    /// Says which unit was meant: one with a similar id, or the one with this name.
    fn guess(&mut self, id: &str) -> Option<String> {
        self.comparisons += self.listed.len();
        if self.comparisons > MOST_COMPARISONS {
            return None;
        }
        let by_name = self.listed.iter().find(|unit| unit.name.to_lowercase() == id.to_lowercase());
        match by_name {
            Some(unit) => {
                Some(format!("units are named by their ids: did you mean `{}`?", &*unit.id))
            }
            None => nearest(id, self.listed.iter().map(|unit| &*unit.id))
                .map(|meant| format!("did you mean `{meant}`?")),
        }
    }
}
