//! Holding a scanned file against the schema: unknown keys, missing keys, keys that stand twice, values of a wrong sort.
//! Whether the values make sense together is checked while the plan is built, for which what is faulty is mended here.

mod expected;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use self::expected::Expected;
use super::tree::{Kind, NodeIx, Tree};
use crate::finding::{Fault, nearest, quoted_list};

/// What is wrong with the shape of a file, and the file as it is read for all that.
pub(super) struct Mended<'a> {
    /// The faults of shape.
    pub(super) faults: Vec<Fault>,
    /// The repairs, which say where nothing more need be told.
    pub(super) repairs: Repairs<'a>,
    /// The file with what is faulty replaced by stand-ins: empty text, empty lists.
    pub(super) value: Value,
}

/// What was mended, and so is told already.
#[derive(Debug, Default)]
pub(super) struct Repairs<'a> {
    /// Values that were replaced.
    replaced: HashSet<NodeIx>,
    /// Keys of an object that were put in.
    put_in: HashSet<(NodeIx, String)>,
    /// Misspelt keys, by what they were taken for.
    renamed: HashMap<NodeIx, Cow<'a, str>>,
}

/// Compares `tree` with `schema`, the schema of the whole file.
pub(super) fn mend<'a>(tree: &Tree<'a>, schema: &'a Value) -> Mended<'a> {
    let mut shape = Shape { tree, faults: Vec::new(), repairs: Repairs::default() };
    let value = shape.value(Tree::ROOT, Expected::whole(schema), "the plan");
    Mended { faults: shape.faults, repairs: shape.repairs, value }
}

impl<'a> Repairs<'a> {
    /// Returns what a key is taken for.
    pub(super) fn key(&self, tree: &Tree<'a>, key: NodeIx) -> Cow<'a, str> {
        self.renamed.get(&key).cloned().unwrap_or_else(|| tree.string(key))
    }

    /// Tells whether what stands at `key` of `object` was put in.
    pub(super) fn is_put_in(&self, object: NodeIx, key: &str) -> bool {
        // The set is empty for nearly all files, and a look-up needs a key of its own.
        !self.put_in.is_empty() && self.put_in.contains(&(object, key.to_owned()))
    }

    /// Tells whether a value was replaced.
    pub(super) fn is_replaced(&self, value: NodeIx) -> bool {
        self.replaced.contains(&value)
    }
}

struct Shape<'t, 'a> {
    tree: &'t Tree<'a>,
    faults: Vec<Fault>,
    repairs: Repairs<'a>,
}

impl<'a> Shape<'_, 'a> {
    /// Checks the value at `ix`, which people know as `name`, and returns it mended.
    fn value(&mut self, ix: NodeIx, expected: Expected<'a>, name: &str) -> Value {
        let kind = self.tree.kind(ix);
        let Some(fitting) = expected.for_kind(kind) else {
            return self.wrong_type(ix, expected, name);
        };
        match kind {
            Kind::Object => self.object(ix, fitting),
            Kind::Array => self.array(ix, fitting, name),
            Kind::Text => self.text(ix, fitting, name),
            // Numbers, words and what JSON does not have stand only in free data, where any will do.
            _ => serde_json::from_str(self.tree.raw(ix)).unwrap_or_default(),
        }
    }

    fn object(&mut self, ix: NodeIx, expected: Expected<'a>) -> Value {
        let tree = self.tree;
        let named = |(key, value)| (key, value, tree.string(key));
        let members: Vec<_> = tree.members(ix).map(named).collect();
        let written: HashSet<&str> = members.iter().map(|(_, _, name)| &**name).collect();
        let mut mended = Map::new();
        for (key, value, name) in &members {
            let known = expected.property(name).map(|property| (name.clone(), property));
            let known = known.or_else(|| {
                let meant = self.unknown_key(*key, name, expected, &written)?;
                // Of two that are taken for one key, the second is not.
                let property = expected.property(meant).filter(|_| !mended.contains_key(meant))?;
                self.repairs.renamed.insert(*key, Cow::Borrowed(meant));
                Some((Cow::Borrowed(meant), property))
            });
            let Some((name, property)) = known else { continue };
            if mended.contains_key(&*name) {
                let message = format!("the key `{name}` stands here twice");
                self.faults.push(Fault::error("duplicate_key", tree.span(*key), message));
                continue;
            }
            let value = self.value(*value, property, &format!("`{name}`"));
            mended.insert(name.into_owned(), value);
        }
        for key in expected.required() {
            if !mended.contains_key(key) {
                mended.insert(key.to_owned(), self.missing_key(ix, key, expected));
            }
        }
        Value::Object(mended)
    }

    /// Tells of an unknown key, and returns the key that it may be taken for: a near one that is not written.
    fn unknown_key(
        &mut self,
        key: NodeIx,
        name: &str,
        expected: Expected<'a>,
        written: &HashSet<&str>,
    ) -> Option<&'a str> {
        let known = || expected.properties().into_iter().flat_map(Map::keys).map(String::as_str);
        let meant = nearest(name, known());
        let is_written = meant.is_some_and(|meant| written.contains(meant));
        let help = match meant {
            Some(meant) if is_written => format!("did you mean `{meant}`, which is there already?"),
            Some(meant) => format!("did you mean `{meant}`?"),
            None => {
                let known = known().filter(|key| *key != "$schema");
                format!("known here are {}", quoted_list(known))
            }
        };
        let message = format!("unknown key `{name}`");
        self.faults.push(Fault::error("unknown_key", self.tree.span(key), message).help(help));
        meant.filter(|_| !is_written)
    }

    /// Tells of a missing key, and returns a stand-in for its value.
    fn missing_key(&mut self, ix: NodeIx, key: &str, expected: Expected<'a>) -> Value {
        let property = expected.property(key);
        let message = format!("{} needs the key `{key}`", expected.title());
        let help = property.and_then(Expected::description).map(|it| format!("`{key}`: {it}"));
        let place = self.tree.beginning(ix);
        self.faults.push(Fault::error("missing_key", place, message).help(help));
        self.repairs.put_in.insert((ix, key.to_owned()));
        property.map_or(Value::Null, Expected::stand_in)
    }

    fn array(&mut self, ix: NodeIx, expected: Expected<'a>, name: &str) -> Value {
        let name = format!("an entry of {name}");
        let tree = self.tree;
        tree.items(ix).map(|item| self.value(item, expected.items(), &name)).collect()
    }

    fn text(&mut self, ix: NodeIx, expected: Expected<'a>, name: &str) -> Value {
        let text = self.tree.string(ix);
        let words = expected.words().filter(|words| !words.contains(&&*text));
        let Some(words) = words else { return Value::String(text.into_owned()) };
        let message = format!("{name} cannot be `{text}`");
        let help = format!("as a word it can be {}", quoted_list(words));
        self.faults.push(Fault::error("wrong_value", self.tree.span(ix), message).help(help));
        self.replace(ix, expected)
    }

    /// Tells that a value is of a wrong sort, and returns a stand-in.
    fn wrong_type(&mut self, ix: NodeIx, expected: Expected<'a>, name: &str) -> Value {
        let kind = self.tree.kind(ix);
        // What JSON does not have was told when the file was scanned.
        if kind != Kind::Unknown {
            let noun = expected::noun(kind);
            let message = format!("{name} should be {}, and is {noun}", expected.noun());
            let help = expected.description().map(|it| format!("{name}: {it}"));
            let fault = Fault::error("wrong_type", self.tree.beginning(ix), message);
            self.faults.push(fault.help(help));
        }
        self.replace(ix, expected)
    }

    fn replace(&mut self, ix: NodeIx, expected: Expected<'a>) -> Value {
        self.repairs.replaced.insert(ix);
        expected.stand_in()
    }
}
