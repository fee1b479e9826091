//! What deadlines wait for: other deadlines, or all those of a measure.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::circles;
use crate::finding::{Severity, nearest};
use crate::plan::json::file::{DeadlineFile, GoalFile};
use crate::plan::json::place::{Part, Place, Remarks};
use crate::plan::{DeadlineIx, Plan, index};

/// How many comparisons the guesses may cost; beyond that, a file is wrong in another way.
const MOST_COMPARISONS: usize = 500_000;

/// Resolves what all deadlines of `plan` wait for.
pub(super) fn waits(goals: &[GoalFile<'_>], plan: &mut Plan, remarks: &mut Remarks) {
    let files = || deadlines(goals);
    if files().all(|file| file.waits_for.as_ref().is_none_or(Vec::is_empty)) {
        return;
    }
    let mut names = Names::new(plan);
    let mut found = Vec::with_capacity(plan.deadlines.len());
    for (place, file) in files().enumerate() {
        let of = DeadlineIx(index(place));
        let waits_for = file.waits_for.iter().flatten().enumerate().flat_map(|(item, text)| {
            let place = Part::Deadline(of.0).at("waits_for").item(index(item));
            names.find(text, of, place, remarks)
        });
        let mut seen = HashSet::new();
        found.push(waits_for.map(DeadlineIx).filter(|ix| seen.insert(*ix)).collect());
    }
    for (deadline, waits_for) in plan.deadlines.iter_mut().zip(found) {
        deadline.waits_for = waits_for;
    }
    refuse_circles(goals, plan, remarks);
}

fn deadlines<'f, 'a>(goals: &'f [GoalFile<'a>]) -> impl Iterator<Item = &'f DeadlineFile<'a>> {
    let measures = goals.iter().flat_map(|goal| goal.measures.iter().flatten());
    measures.flat_map(|measure| measure.deadlines.iter().flatten())
}

struct Names<'p> {
    plan: &'p Plan,
    known: HashMap<&'p str, Range<u32>>,
    comparisons: usize,
}

impl<'p> Names<'p> {
    fn new(plan: &'p Plan) -> Self {
        let deadlines = plan.deadlines.iter().zip(0..).map(|(it, ix)| (&*it.id, ix..ix + 1));
        let measures = plan.measures.iter().map(|it| (&*it.id, it.deadlines.clone()));
        Self { plan, known: deadlines.chain(measures).collect(), comparisons: 0 }
    }

    /// Returns the deadlines that `text` names: one, or all of a measure.
    fn find(
        &mut self,
        text: &str,
        of: DeadlineIx,
        place: Place,
        remarks: &mut Remarks,
    ) -> Range<u32> {
        let Some(found) = self.known.get(text).cloned() else {
            let what = if text.contains('/') { "deadline" } else { "measure" };
            let message = format!("{what} `{text}` is not in the plan");
            remarks.error("unknown_deadline", place, message, self.guess(text, of));
            return 0..0;
        };
        if found.is_empty() {
            let message = format!("measure `{text}` has no deadlines that this could wait for");
            remarks.say(Severity::Warning, "waits_for_nothing", place, message, None);
        }
        found
    }

    fn guess(&mut self, text: &str, of: DeadlineIx) -> Option<String> {
        let measure = self.plan.measure(self.plan.deadline(of).measure);
        let sibling = format!("{}/{text}", measure.id);
        if self.known.contains_key(&*sibling) {
            return Some(format!("deadlines are named in full: did you mean `{sibling}`?"));
        }
        self.comparisons += self.known.len();
        if self.comparisons > MOST_COMPARISONS {
            return None;
        }
        let deadlines = self.plan.deadlines.iter().map(|it| &*it.id);
        let measures = self.plan.measures.iter().map(|it| &*it.id);
        let meant =
            if text.contains('/') { nearest(text, deadlines) } else { nearest(text, measures) };
        meant.map(|meant| format!("did you mean `{meant}`?"))
    }
}

fn refuse_circles(goals: &[GoalFile<'_>], plan: &Plan, remarks: &mut Remarks) {
    let next = |ix: u32| plan.deadline(DeadlineIx(ix)).waits_for.iter().map(|ix| ix.0).collect();
    for circle in circles::find(plan.deadlines.len(), next) {
        let way = circles::path(&circle, |ix| &plan.deadline(DeadlineIx(ix)).id);
        let waited_for = plan.deadline(DeadlineIx(circle[1]));
        let measure = plan.measure(waited_for.measure);
        let file = deadlines(goals).nth(circle[0] as usize);
        let mut listed = file.into_iter().flat_map(|file| file.waits_for.iter().flatten());
        let item = listed.position(|text| [&*waited_for.id, &*measure.id].contains(&&**text));
        let place = Part::Deadline(circle[0]).at("waits_for").item(index(item.unwrap_or_default()));
        let message = format!("deadlines wait for each other in a circle: {way}");
        let whole = "a measure's id stands for all its deadlines";
        let help = (circle.len() == 2).then(|| whole.to_owned());
        remarks.error("circle", place, message, help);
    }
}
