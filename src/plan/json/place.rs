//! What is said about a plan while it is built, and where in the file that stands.
//! A place is cheap to name; it is looked up in the scanned file only when there is something to show.

use std::ops::Range;

use super::shape::Repairs;
use super::tree::{Kind, NodeIx, Tree};
use crate::finding::{Fault, Severity};

/// Something to say about a value of the plan.
#[derive(Debug)]
pub(super) struct Remark {
    /// How bad it is.
    pub(super) severity: Severity,
    /// What it is, in `snake_case`.
    pub(super) code: &'static str,
    /// Which value it is about.
    pub(super) place: Place,
    /// What is wrong.
    pub(super) message: String,
    /// What to do about it.
    pub(super) help: Option<String>,
}

/// A value in the file, by what it belongs to and its key there.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    of: Part,
    key: &'static str,
    then: Then,
}

/// A part of the plan, by its place among all of its sort.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// The plan itself.
    Plan,
    /// A unit.
    Unit(u32),
    /// A goal.
    Goal(u32),
    /// A measure, counted through all goals.
    Measure(u32),
    /// A deadline, counted through all measures.
    Deadline(u32),
}

/// The way from a key's value to the value that is meant.
#[derive(Debug, Clone, Copy)]
enum Then {
    Nothing,
    Item(u32),
    Key(&'static str),
    ItemKey(u32, &'static str),
}

/// Everything said so far.
#[derive(Debug, Default)]
pub struct Remarks(pub(super) Vec<Remark>);

impl Part {
    /// Returns the place of the value at `key`.
    pub fn at(self, key: &'static str) -> Place {
        Place { of: self, key, then: Then::Nothing }
    }
}

impl Place {
    /// Returns the place of an entry of the list here.
    pub(super) fn item(self, item: u32) -> Self {
        Self { then: Then::Item(item), ..self }
    }

    /// Returns the place of the value at `key` of the object here, which may be an entry of a list.
    pub(super) fn key(self, key: &'static str) -> Self {
        let then = match self.then {
            Then::Item(item) | Then::ItemKey(item, _) => Then::ItemKey(item, key),
            Then::Nothing | Then::Key(_) => Then::Key(key),
        };
        Self { then, ..self }
    }

    /// Returns the key whose value is here.
    pub(super) fn name(self) -> &'static str {
        match self.then {
            Then::Key(key) | Then::ItemKey(_, key) => key,
            Then::Nothing | Then::Item(_) => self.key,
        }
    }
}

impl Remarks {
    /// Says that something is wrong.
    pub(super) fn error(
        &mut self,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        self.say(Severity::Error, code, place, message, help);
    }

    /// Says that something is missing, or odd.
    pub fn say(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        let (message, help) = (message.into(), help.into());
        self.0.push(Remark { severity, code, place, message, help });
    }
}

/// Where the parts of the plan stand in a scanned file.
pub(super) struct Places<'t, 'a> {
    tree: &'t Tree<'a>,
    repairs: &'t Repairs<'a>,
    units: Vec<NodeIx>,
    goals: Vec<NodeIx>,
    measures: Vec<NodeIx>,
    deadlines: Vec<NodeIx>,
}

impl<'t, 'a> Places<'t, 'a> {
    /// Goes through a file once and notes where its parts begin.
    pub(super) fn new(tree: &'t Tree<'a>, repairs: &'t Repairs<'a>) -> Self {
        let none = Vec::new;
        let mut places = Self {
            tree,
            repairs,
            units: none(),
            goals: none(),
            measures: none(),
            deadlines: none(),
        };
        places.units = places.entries(&[Tree::ROOT], "units");
        places.goals = places.entries(&[Tree::ROOT], "goals");
        places.measures = places.entries(&places.goals, "measures");
        places.deadlines = places.entries(&places.measures, "deadlines");
        places
    }

    /// Returns what is said in a remark at its bytes; `None` if the place was mended, so that all is told already.
    pub(super) fn fault(&self, remark: Remark) -> Option<Fault> {
        let Remark { severity, code, place, message, help } = remark;
        Some(Fault { severity, code, span: self.span(place)?, message, help })
    }

    fn span(&self, place: Place) -> Option<Range<usize>> {
        let part = match place.of {
            Part::Plan => Some(&Tree::ROOT),
            Part::Unit(place) => self.units.get(place as usize),
            Part::Goal(place) => self.goals.get(place as usize),
            Part::Measure(place) => self.measures.get(place as usize),
            Part::Deadline(place) => self.deadlines.get(place as usize),
        };
        let value = self.follow(*part?, place.key)?;
        let value = match place.then {
            Then::Nothing => value,
            Then::Key(key) => self.follow(value, key)?,
            Then::Item(item) => self.entry(value, item)?,
            Then::ItemKey(item, key) => self.follow(self.entry(value, item)?, key)?,
        };
        (!self.repairs.is_replaced(value)).then(|| self.tree.beginning(value))
    }

    /// Returns the value at `key`; the object itself if it has no such key.
    fn follow(&self, object: NodeIx, key: &str) -> Option<NodeIx> {
        if self.repairs.is_replaced(object) || self.repairs.is_put_in(object, key) {
            return None;
        }
        Some(self.member(object, key).unwrap_or(object))
    }

    fn member(&self, object: NodeIx, key: &str) -> Option<NodeIx> {
        if self.tree.kind(object) != Kind::Object {
            return None;
        }
        let mut members = self.tree.members(object);
        members.find(|(name, _)| self.repairs.key(self.tree, *name) == key).map(|(_, value)| value)
    }

    fn entry(&self, list: NodeIx, item: u32) -> Option<NodeIx> {
        let is_list = self.tree.kind(list) == Kind::Array && !self.repairs.is_replaced(list);
        is_list.then(|| self.tree.items(list).nth(item as usize)).flatten()
    }

    /// Returns the entries of the lists at `key` in all of `objects`.
    fn entries(&self, objects: &[NodeIx], key: &str) -> Vec<NodeIx> {
        let lists = objects.iter().filter_map(|object| self.member(*object, key));
        let lists = lists.filter(|list| self.tree.kind(*list) == Kind::Array);
        lists.flat_map(|list| self.tree.items(list)).collect()
    }
}
