//! The layers of a configuration, file under environment under flags, gathered key by key; unknown keys are found here.
//! What a key's value must look like is in `values`.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{ConfigFault, Place, Source};

/// Every key of `frist.toml`.
pub const KEYS: &[&str] = &[
    "plan",
    "rules.folder",
    "rules.require_tests",
    "send_at",
    "brake.at_once",
    "brake.a_tick",
    "brake.an_hour",
    "brake.a_recipient_and_day",
    "store.url",
    "store.archive_after_years",
    "store.instance",
    "mail.transport",
    "mail.folder",
    "mail.from",
    "mail.reply_to",
    "mail.smtp.host",
    "mail.smtp.port",
    "mail.smtp.tls",
    "mail.smtp.force_plain",
    "mail.smtp.ca_file",
    "mail.smtp.username",
    "mail.smtp.password_file",
    "mail.smtp.connections",
    "mail.smtp.timeout_s",
    "check.mails_a_month",
    "watch.ping_url",
    "watch.ping_fail_url",
    "watch.ping_file",
    "watch.listen",
    "watch.weekly",
    "watch.stale_after_days",
    "log.format",
    "log.level",
];

/// Keys that stand for another: the folder may be all that is said of the rules, `rules = "rules"`.
const SHORT: &[(&str, &str)] = &[("rules", "rules.folder")];

/// Variables that stand for no key of the file.
///
/// `FRIST_FAULT`, for tests, is known to builds with debug assertions only.
pub const VARIABLES: &[&str] =
    if cfg!(debug_assertions) { &["FRIST_LOG", "FRIST_FAULT"] } else { &["FRIST_LOG"] };

/// What the names of all variables for frist begin with.
pub(super) const PREFIX: &str = "FRIST_";

/// The variable in which systemd says where a service's credentials lie.
pub(super) const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// A flag of the command line that says what a key of the file could say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// The key, such as `mail.transport`.
    pub key: &'static str,
    /// The flag's name as the user types it, such as `--transport`.
    pub name: &'static str,
    /// The value.
    pub value: String,
}

/// What one key was set to, by the uppermost layer that has it.
pub(super) struct Setting<'t> {
    pub(super) value: DeValue<'t>,
    pub(super) origin: Origin,
}

/// The layer that a setting comes from.
pub(super) enum Origin {
    File(Range<usize>),
    Variable(String),
    Flag(&'static str),
}

/// All settings by key.
#[derive(Default)]
pub(super) struct Settings<'t>(BTreeMap<&'static str, Setting<'t>>);

/// Returns the variable that stands for a key: `FRIST_MAIL__SMTP__HOST` for `mail.smtp.host`.
pub fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

impl<'t> Settings<'t> {
    /// Gathers the layers; adds to `faults` what is no TOML, else keys and variables that nobody knows.
    pub(super) fn gather(
        source: &'t Source,
        environment: &'t BTreeMap<String, String>,
        flags: &'t [Flag],
        faults: &mut Vec<ConfigFault>,
    ) -> Self {
        let mut settings = Self::default();
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        if !errors.is_empty() {
            // After a slip of the pen the rest may be read amiss, and would be told faults that it has not.
            faults.extend(errors.iter().map(|error| syntax_fault(source, error)));
            return settings;
        }
        settings.add_table(source, "", table.into_inner(), faults);
        settings.add_environment(environment, faults);
        for flag in flags {
            let value = DeValue::String(flag.value.as_str().into());
            settings.0.insert(flag.key, Setting { value, origin: Origin::Flag(flag.name) });
        }
        settings
    }

    /// Returns what a key was set to.
    pub(super) fn get(&self, key: &str) -> Option<&Setting<'t>> {
        self.0.get(key)
    }

    fn add_table(
        &mut self,
        source: &Source,
        above: &str,
        table: DeTable<'t>,
        faults: &mut Vec<ConfigFault>,
    ) {
        for (name, value) in table {
            let key = format!("{above}{}", name.get_ref());
            let section = format!("{key}.");
            let span = value.span();
            let short = SHORT.iter().find(|(short, _)| *short == key);
            let meant = match short {
                Some((_, meant)) if !matches!(value.get_ref(), DeValue::Table(_)) => meant,
                _ => &*key,
            };
            if let Some(key) = KEYS.iter().find(|known| **known == meant) {
                let origin = Origin::File(span);
                self.0.insert(key, Setting { value: value.into_inner(), origin });
            } else if !KEYS.iter().any(|known| known.starts_with(&section)) {
                faults.push(unknown_key(source, &name, &key));
            } else if let DeValue::Table(table) = value.into_inner() {
                self.add_table(source, &section, table, faults);
            } else {
                faults.push(ConfigFault {
                    place: source.place(span),
                    code: "wrong_type",
                    message: format!("`{key}` is a section, not a value"),
                    help: Some(format!("begin it with [{key}] on a line of its own")),
                });
            }
        }
    }

    fn add_environment(
        &mut self,
        environment: &'t BTreeMap<String, String>,
        faults: &mut Vec<ConfigFault>,
    ) {
        let names = KEYS.iter().map(|key| (*key, *key)).chain(SHORT.iter().copied());
        let (variables, keys): (Vec<_>, Vec<_>) =
            names.map(|(name, key)| (variable_of(name), key)).unzip();
        for (name, value) in environment.iter().filter(|(name, _)| name.starts_with(PREFIX)) {
            if let Some(place) = variables.iter().position(|known| known == name) {
                // Units and compose files set a variable to nothing where they mean that it is not set.
                if !value.is_empty() {
                    let value = DeValue::String(value.as_str().into());
                    let origin = Origin::Variable(name.clone());
                    self.0.insert(keys[place], Setting { value, origin });
                }
            } else if !VARIABLES.contains(&name.as_str()) {
                let known = variables.iter().map(String::as_str).chain(VARIABLES.iter().copied());
                faults.push(ConfigFault {
                    place: Place::Variable(name.clone()),
                    code: "unknown_variable",
                    message: "no setting has this variable".to_owned(),
                    help: Some(nearest(name, known).map_or_else(
                        || "FRIST_MAIL__SMTP__HOST stands for `host` in [mail.smtp]".to_owned(),
                        |meant| format!("did you mean {meant}?"),
                    )),
                });
            }
        }
    }
}

impl Setting<'_> {
    /// Tells whether the value could only be written as text, so that text may stand for a number.
    pub(super) fn is_only_text(&self) -> bool {
        !matches!(self.origin, Origin::File(_))
    }

    /// Returns where the value was written.
    pub(super) fn place(&self, source: &Source) -> Place {
        match &self.origin {
            Origin::File(span) => source.place(span.clone()),
            Origin::Variable(name) => Place::Variable(name.clone()),
            Origin::Flag(name) => Place::Flag(name),
        }
    }
}

fn syntax_fault(source: &Source, error: &toml::de::Error) -> ConfigFault {
    let message = error.message().lines().collect::<Vec<_>>().join("; ");
    // The parser takes a text without quotes for a misspelt `true` or `false`.
    let help = match message.split_once(',').map_or(&*message, |(what, _)| what) {
        "duplicate key" => Some("a key stands once in its section; a section begins once"),
        "unclosed table" => Some("a section begins with its name in brackets, [mail]"),
        what if what.contains("boolean") || what.contains("string") => {
            Some("a text stands in quotes on one line: plan = \"plan.json\"")
        }
        _ => None,
    };
    ConfigFault {
        place: source.place(error.span().unwrap_or(0..0)),
        code: "no_toml",
        message,
        help: help.map(str::to_owned),
    }
}

fn unknown_key(
    source: &Source,
    name: &Spanned<std::borrow::Cow<'_, str>>,
    key: &str,
) -> ConfigFault {
    let above = key.len() - name.get_ref().len();
    // The words that may stand here, each once: keys and sections of this section.
    let mut here: Vec<_> = KEYS
        .iter()
        .filter_map(|known| known.strip_prefix(&key[..above]))
        .filter_map(|rest| rest.split('.').next())
        .collect();
    here.dedup();
    // A key that only stands in the wrong section is as common as a misspelt one.
    let keys = || KEYS.iter().filter_map(|known| known.rsplit_once('.'));
    let elsewhere = nearest(name.get_ref(), keys().map(|(_, last)| last));
    let elsewhere = elsewhere.and_then(|meant| keys().find(|(_, last)| *last == meant));
    let help = match (nearest(name.get_ref(), here.iter().copied()), elsewhere) {
        (Some(meant), _) => format!("did you mean `{meant}`?"),
        (None, Some((section, last))) => format!("did you mean `{last}` in [{section}]?"),
        (None, None) => format!("here may stand {}", here.join(", ")),
    };
    ConfigFault {
        place: source.place(name.span()),
        code: "unknown_key",
        message: format!("unknown key `{key}`"),
        help: Some(help),
    }
}

/// Returns the word that was probably meant: a third of the letters may be wrong.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let allowed = word.chars().count().div_ceil(3);
    known
        .into_iter()
        .map(|known| (strsim::osa_distance(&word.to_lowercase(), &known.to_lowercase()), known))
        .filter(|(distance, known)| *distance <= allowed && *distance < known.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}
