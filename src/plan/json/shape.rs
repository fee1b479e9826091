//! Holding a scanned file against the schema: unknown keys, missing keys, keys that stand twice, values of a wrong sort.
//! Whether the values make sense together is checked while the plan is built, for which what is faulty is mended here.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::HashSet;

use serde_json::{Map, Value};

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
    let mut shape = Shape { tree, schema, faults: Vec::new(), repairs: Repairs::default() };
    let value = shape.value(Tree::ROOT, schema, "the plan");
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
    schema: &'a Value,
    faults: Vec<Fault>,
    repairs: Repairs<'a>,
}

impl<'a> Shape<'_, 'a> {
    /// Checks the value at `ix`, which people know as `name`, and returns it mended.
    fn value(&mut self, ix: NodeIx, schema: &'a Value, name: &str) -> Value {
        let schema = self.resolve(schema);
        let kind = self.tree.kind(ix);
        if let Some(choices) = choices(schema) {
            let fits = choices.iter().find(|choice| self.allows(choice, kind));
            return match fits {
                Some(choice) => self.value(ix, choice, name),
                None => self.wrong_type(ix, schema, name),
            };
        }
        if !self.allows(schema, kind) {
            return self.wrong_type(ix, schema, name);
        }
        match kind {
            Kind::Object => self.object(ix, schema),
            Kind::Array => self.array(ix, schema, name),
            Kind::Text => self.text(ix, schema, name),
            // Numbers, words and what JSON does not have stand only in free data, where any will do.
            _ => serde_json::from_str(self.tree.raw(ix)).unwrap_or_default(),
        }
    }

    fn object(&mut self, ix: NodeIx, schema: &'a Value) -> Value {
        let properties = schema.get("properties").and_then(Value::as_object);
        let tree = self.tree;
        let members: Vec<_> =
            tree.members(ix).map(|(key, value)| (key, value, tree.string(key))).collect();
        let present: HashSet<&str> = members.iter().map(|(_, _, name)| &**name).collect();
        let mut taken: HashSet<String> = HashSet::new();
        let mut mended = Map::new();
        for (key, value, name) in &members {
            let known =
                properties.map_or(Some(&Value::Bool(true)), |properties| properties.get(&**name));
            let (name, schema) = match (known, properties) {
                (Some(schema), _) => (name.clone(), schema),
                (None, None) => continue,
                (None, Some(properties)) => {
                    match self.unknown_key(*key, name, properties, &present, &taken) {
                        Some((meant, schema)) => (Cow::Borrowed(meant), schema),
                        None => continue,
                    }
                }
            };
            if !taken.insert(name.to_string()) {
                let message = format!("the key `{name}` stands here twice");
                self.faults.push(Fault::error("duplicate_key", tree.span(*key), message));
                continue;
            }
            let value = self.value(*value, schema, &format!("`{name}`"));
            mended.insert(name.into_owned(), value);
        }
        for required in required(schema).filter(|key| !taken.contains(*key)) {
            self.missing_key(ix, required, schema);
            let schema = properties.and_then(|properties| properties.get(required));
            mended.insert(required.to_owned(), schema.map_or(Value::Null, |it| self.stand_in(it)));
            self.repairs.put_in.insert((ix, required.to_owned()));
        }
        Value::Object(mended)
    }

    /// Tells of an unknown key, and returns the key that it is taken for if that one is not there.
    fn unknown_key(
        &mut self,
        key: NodeIx,
        name: &str,
        properties: &'a Map<String, Value>,
        present: &HashSet<&str>,
        taken: &HashSet<String>,
    ) -> Option<(&'a str, &'a Value)> {
        let meant = nearest(name, properties.keys().map(String::as_str));
        let help = match meant {
            Some(meant) if present.contains(meant) => {
                format!("did you mean `{meant}`, which is there already?")
            }
            Some(meant) => format!("did you mean `{meant}`?"),
            None => {
                let known = properties.keys().map(String::as_str).filter(|key| *key != "$schema");
                format!("known here are {}", quoted_list(known))
            }
        };
        let message = format!("unknown key `{name}`");
        self.faults.push(Fault::error("unknown_key", self.tree.span(key), message).help(help));
        let meant = meant.filter(|meant| !present.contains(meant) && !taken.contains(*meant))?;
        self.repairs.renamed.insert(key, Cow::Borrowed(meant));
        Some((meant, &properties[meant]))
    }

    fn missing_key(&mut self, ix: NodeIx, key: &str, schema: &Value) {
        // The opening bracket is enough: underlining the whole object would hide the rest.
        let start = self.tree.span(ix).start;
        let noun = schema.get("title").and_then(Value::as_str).unwrap_or("An object");
        let message = format!("{} needs the key `{key}`", noun.to_lowercase());
        let help =
            schema["properties"][key]["description"].as_str().map(|it| format!("`{key}`: {it}"));
        self.faults.push(Fault::error("missing_key", start..start + 1, message).help(help));
    }

    fn array(&mut self, ix: NodeIx, schema: &'a Value, name: &str) -> Value {
        let any = &Value::Bool(true);
        let items = schema.get("items").unwrap_or(any);
        let name = format!("an entry of {name}");
        let places: Vec<_> = self.tree.items(ix).collect();
        places.into_iter().map(|item| self.value(item, items, &name)).collect()
    }

    fn text(&mut self, ix: NodeIx, schema: &'a Value, name: &str) -> Value {
        let text = self.tree.string(ix);
        let allowed = schema.get("enum").and_then(Value::as_array);
        match allowed {
            Some(allowed) if !allowed.iter().any(|word| word == &*text) => {
                let words = allowed.iter().filter_map(Value::as_str);
                let message = format!("{name} cannot be `{text}`");
                let help = format!("as a word it can be {}", quoted_list(words));
                self.faults
                    .push(Fault::error("wrong_value", self.tree.span(ix), message).help(help));
                self.repairs.replaced.insert(ix);
                self.stand_in(schema)
            }
            _ => Value::String(text.into_owned()),
        }
    }

    /// Tells that a value is of a wrong sort, and returns a stand-in.
    fn wrong_type(&mut self, ix: NodeIx, schema: &'a Value, name: &str) -> Value {
        let kind = self.tree.kind(ix);
        // What JSON does not have was told when the file was scanned.
        if kind != Kind::Unknown {
            let expected = self.nouns(schema);
            let message = format!("{name} should be {expected}, and is {}", noun(kind));
            let span = match kind {
                Kind::Object | Kind::Array => {
                    self.tree.span(ix).start..self.tree.span(ix).start + 1
                }
                _ => self.tree.span(ix),
            };
            let help = self.description(schema);
            self.faults.push(Fault::error("wrong_type", span, message).help(help));
        }
        self.repairs.replaced.insert(ix);
        self.stand_in(schema)
    }

    /// Says what may stand where `schema` holds: "text or an object".
    fn nouns(&self, schema: &'a Value) -> String {
        let schema = self.resolve(schema);
        let mut nouns: Vec<String> = Vec::new();
        for choice in choices(schema).unwrap_or(std::slice::from_ref(schema)) {
            let choice = self.resolve(choice);
            let noun = match (types(choice).find(|name| *name != "null"), choices(choice)) {
                (_, Some(_)) => self.nouns(choice),
                (Some(name), None) => noun_of_type(name).to_owned(),
                (None, None) => continue,
            };
            if !nouns.contains(&noun) {
                nouns.push(noun);
            }
        }
        nouns.join(" or ")
    }

    fn description(&self, schema: &'a Value) -> Option<String> {
        let described = |schema: &Value| Some(schema.get("description")?.as_str()?.to_owned());
        described(schema)
            .or_else(|| choices(schema)?.iter().find_map(|choice| described(self.resolve(choice))))
    }

    /// Returns the emptiest value that fits `schema`.
    fn stand_in(&self, schema: &'a Value) -> Value {
        let schema = self.resolve(schema);
        if let Some(first) = choices(schema).and_then(<[Value]>::first) {
            return self.stand_in(first);
        }
        if let Some(word) = schema.get("enum").and_then(|words| words.get(0)) {
            return word.clone();
        }
        match types(schema).next() {
            Some("string") => Value::String(String::new()),
            Some("array") => Value::Array(Vec::new()),
            Some("object") => {
                let required = required(schema);
                let entry = |key: &str| (key.to_owned(), self.stand_in(&schema["properties"][key]));
                Value::Object(required.map(entry).collect())
            }
            _ => Value::Null,
        }
    }

    /// Tells whether a schema allows values of this kind; one that names no type allows all.
    fn allows(&self, schema: &'a Value, kind: Kind) -> bool {
        let schema = self.resolve(schema);
        if let Some(choices) = choices(schema) {
            return choices.iter().any(|choice| self.allows(choice, kind));
        }
        let mut types = types(schema).peekable();
        types.peek().is_none() || types.any(|name| name == type_name(kind))
    }

    /// Follows a reference into the schema's definitions.
    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let target = schema.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| self.schema.pointer(target.strip_prefix('#')?));
        target.unwrap_or(schema)
    }
}

/// Returns the schemas of which one must hold, if there is a choice.
fn choices(schema: &Value) -> Option<&[Value]> {
    let choices = schema.get("anyOf").or_else(|| schema.get("oneOf"))?;
    choices.as_array().map(Vec::as_slice)
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn types(schema: &Value) -> impl Iterator<Item = &str> {
    let types = schema.get("type").map_or(&[][..], |types| match types {
        Value::Array(types) => types,
        one => std::slice::from_ref(one),
    });
    types.iter().filter_map(Value::as_str)
}

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Object => "object",
        Kind::Array => "array",
        Kind::Text => "string",
        Kind::Number => "number",
        Kind::Bool => "boolean",
        Kind::Null => "null",
        Kind::Unknown => "unknown",
    }
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "`true` or `false`",
        Kind::Null => "`null`",
        kind => noun_of_type(type_name(kind)),
    }
}

fn noun_of_type(name: &str) -> &'static str {
    match name {
        "object" => "an object `{…}`",
        "array" => "a list `[…]`",
        "string" => "text in quotes",
        "number" | "integer" => "a number",
        _ => "something else",
    }
}
