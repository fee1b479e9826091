//! Reading a JSON Schema, as far as the loader's own goes: what is expected at a place, and how to say it.

use serde_json::{Map, Value};

use crate::plan::json::tree::Kind;

/// What is expected at a place: a part of a schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'s> {
    part: &'s Value,
    /// What is said where a definition is referred to, which says more than the definition.
    note: Option<&'s str>,
    whole: &'s Value,
}

impl<'s> Expected<'s> {
    /// What the whole schema expects.
    pub(super) fn whole(whole: &'s Value) -> Self {
        Self { part: whole, note: None, whole }
    }

    /// Returns the choices of which one must hold; the schema itself if it leaves no choice.
    pub(super) fn choices(self) -> impl Iterator<Item = Self> {
        let choices = ["anyOf", "oneOf"].iter().find_map(|key| self.part.get(key)?.as_array());
        let choices = choices.map_or(std::slice::from_ref(self.part), Vec::as_slice);
        choices.iter().map(move |choice| self.at(choice))
    }

    /// Returns what holds for a value of this kind; `None` if none may stand here.
    pub(super) fn for_kind(self, kind: Kind) -> Option<Self> {
        let mut choices = self.choices().peekable();
        let is_choice = choices.peek().is_some_and(|first| !std::ptr::eq(first.part, self.part));
        if is_choice {
            return choices.find_map(|choice| choice.for_kind(kind));
        }
        let mut types = self.types().peekable();
        // A schema that names no type allows all.
        let allows = types.peek().is_none() || types.any(|name| name == type_name(kind));
        allows.then_some(self)
    }

    /// Returns the keys that an object has here; `None` if any will do.
    pub(super) fn properties(self) -> Option<&'s Map<String, Value>> {
        self.part.get("properties")?.as_object()
    }

    /// Returns what is expected at a key; anything where no keys are named.
    pub(super) fn property(self, key: &str) -> Option<Self> {
        let properties = self.properties();
        properties.map_or(Some(&Value::Bool(true)), |it| it.get(key)).map(|part| self.at(part))
    }

    /// Returns the keys that an object must have.
    pub(super) fn required(self) -> impl Iterator<Item = &'s str> {
        let required = self.part.get("required").and_then(Value::as_array);
        required.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Returns what is expected of a list's entries.
    pub(super) fn items(self) -> Self {
        self.at(self.part.get("items").unwrap_or(&Value::Bool(true)))
    }

    /// Returns the words of which a text must be one; `None` if any will do.
    pub(super) fn words(self) -> Option<Vec<&'s str>> {
        Some(self.part.get("enum")?.as_array()?.iter().filter_map(Value::as_str).collect())
    }

    /// Returns the schema's name for what stands here: "a measure".
    pub(super) fn title(self) -> String {
        self.part.get("title").and_then(Value::as_str).unwrap_or("an object").to_lowercase()
    }

    /// Returns what the schema says about what stands here, as help: no final dot.
    pub(super) fn description(self) -> Option<&'s str> {
        let described = |it: Self| it.note.or_else(|| description(it.part));
        let description = described(self).or_else(|| self.choices().find_map(described))?;
        Some(description.trim_end_matches('.'))
    }

    /// Says what may stand here: "text in quotes or an object `{…}`".
    pub(super) fn noun(self) -> String {
        let mut nouns: Vec<&str> = Vec::new();
        self.collect_nouns(&mut nouns);
        nouns.join(" or ")
    }

    fn collect_nouns(self, nouns: &mut Vec<&'s str>) {
        for choice in self.choices() {
            if !std::ptr::eq(choice.part, self.part) {
                choice.collect_nouns(nouns);
            } else if let Some(name) = choice.types().find(|name| *name != "null")
                && !nouns.contains(&noun_of_type(name))
            {
                nouns.push(noun_of_type(name));
            }
        }
    }

    /// Returns the emptiest value that fits.
    pub(super) fn stand_in(self) -> Value {
        if let Some(first) = self.choices().next().filter(|it| !std::ptr::eq(it.part, self.part)) {
            return first.stand_in();
        }
        if let Some(word) = self.words().as_deref().and_then(<[_]>::first) {
            return Value::from(*word);
        }
        match self.types().next() {
            Some("string") => Value::String(String::new()),
            Some("array") => Value::Array(Vec::new()),
            Some("object") => {
                let value = |key| self.property(key).map_or(Value::Null, Self::stand_in);
                Value::Object(self.required().map(|key| (key.to_owned(), value(key))).collect())
            }
            _ => Value::Null,
        }
    }

    fn types(self) -> impl Iterator<Item = &'s str> {
        let types = self.part.get("type").map_or(&[][..], |types| match types {
            Value::Array(types) => types,
            one => std::slice::from_ref(one),
        });
        types.iter().filter_map(Value::as_str)
    }

    /// Goes to another part of the schema, following a reference to the definitions.
    fn at(self, part: &'s Value) -> Self {
        let target = part.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| self.whole.pointer(target.strip_prefix('#')?));
        let note = target.and_then(|_| description(part));
        Self { part: target.unwrap_or(part), note, whole: self.whole }
    }
}

fn description(part: &Value) -> Option<&str> {
    part.get("description")?.as_str()
}

/// Says what stands in the file: "a number".
pub(super) fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "`true` or `false`",
        Kind::Null => "`null`",
        kind => noun_of_type(type_name(kind)),
    }
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

fn noun_of_type(name: &str) -> &'static str {
    match name {
        "object" => "an object `{…}`",
        "array" => "a list `[…]`",
        "string" => "text in quotes",
        "number" | "integer" => "a number",
        _ => "something else",
    }
}
