//! The texts of `plan.json`: strings that are borrowed from the file where it holds them unescaped, and what its schema
//! says of each sort. Whether a text is a date, an id or an address is checked while the plan is built.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Visitor};

/// Declares a sort of text: its name in the schema and what the schema says of it.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $schema:tt) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub(super) struct $name<'a>(Cow<'a, str>);

        impl Deref for $name<'_> {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<'de: 'a, 'a> Deserialize<'de> for $name<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(TextVisitor).map(Self)
            }
        }

        impl JsonSchema for $name<'_> {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

text!(
    /// Free words; never empty.
    Text, { "type": "string", "minLength": 1 }
);

text!(
    /// An id of its own.
    NewId, {
        "description": "An id: letters of any script, digits, `-`, `_` and `.`; unique within its list.",
        "type": "string",
        "pattern": r"^[\p{Alphabetic}\p{N}._\-]+$"
    }
);

text!(
    /// A unit's id.
    UnitId, {
        "description": "The id of one of the plan's `units`.",
        "type": "string",
        "minLength": 1
    }
);

text!(
    /// A deadline's full id, or a measure's.
    WaitsFor, {
        "description": "A deadline as `measure/deadline`, or a measure's id for all its deadlines.",
        "type": "string",
        "minLength": 1,
        "examples": ["4b/survey", "4b"]
    }
);

text!(
    /// A date.
    Date, {
        "description": "A date: `2011-05-01` or `01.05.2011`.",
        "type": "string",
        "pattern": r"^(\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})$",
        "examples": ["2011-05-01", "01.05.2011"]
    }
);

text!(
    /// A date, or a date and a time of day.
    DateTime, {
        "description": "A date, or a date and a time of day, in the plan's zone: `2011-05-01`, `01.05.2011`, `2011-05-01T12:00` or `01.05.2011 12:00`.",
        "type": "string",
        "pattern": r"^(\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})([T ]\d{2}:\d{2}(:\d{2})?)?$",
        "examples": ["2011-05-01", "01.05.2011", "2011-05-01T12:00", "01.05.2011 12:00"]
    }
);

text!(
    /// The distance between two occurrences.
    Every, {
        "description": "The distance between two occurrences: a number and `days`, `weeks`, `months` or `years`.",
        "type": "string",
        "pattern": r"^[0-9]+ *(day|week|month|year)s?$",
        "examples": ["3 months", "2 weeks", "1 year"]
    }
);

text!(
    /// A mail address.
    Email, {
        "description": "A mail address alone: `post@example.org`, without a name before it.",
        "type": "string",
        "pattern": "^[^@ <>,;]+@[^@ <>,;]+$",
        "examples": ["post@example.org"]
    }
);

text!(
    /// A language's code.
    LanguageCode, {
        "description": "A language: `nb` (Norwegian Bokmål), `nn` (Nynorsk) or `en` (English).",
        "type": "string",
        "examples": ["nb", "nn", "en"]
    }
);

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text in double quotes")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text))
    }
}
