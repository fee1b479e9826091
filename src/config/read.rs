//! Asking for one key after another: each gives its value, or its default and a fault.
//! What a value must look like is in `values`; where it comes from in `settings`.

use std::path::{Path, PathBuf};

use toml::de::DeValue;

use super::fault::{ConfigFault, Source};
use super::settings::{Setting, Settings, nearest};
use super::values::{self, Wrong};

/// Reads keys and collects what is wrong with them.
pub(super) struct Reader<'t> {
    source: &'t Source,
    folder: &'t Path,
    settings: Settings<'t>,
    pub(super) faults: Vec<ConfigFault>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(
        source: &'t Source,
        folder: &'t Path,
        settings: Settings<'t>,
        faults: Vec<ConfigFault>,
    ) -> Self {
        Self { source, folder, settings, faults }
    }

    /// Returns the value of `key`; `None` if it is not set, or set to something wrong.
    pub(super) fn value<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&Setting<'_>) -> Result<T, Wrong>,
    ) -> Option<T> {
        let setting = self.settings.get(key)?;
        match read(setting) {
            Ok(value) => Some(value),
            Err(Wrong { code, message, help }) => {
                let place = setting.place(self.source);
                let message = format!("`{key}`: {message}");
                self.faults.push(ConfigFault { place, code, message, help: Some(help) });
                None
            }
        }
    }

    /// Tells whether `key` is set, rightly or wrongly.
    pub(super) fn is_set(&self, key: &str) -> bool {
        self.settings.get(key).is_some()
    }

    /// Returns the choice that `key` names.
    pub(super) fn word<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        default: T,
    ) -> T {
        self.value(key, |setting| {
            let word = values::text(setting)?;
            let known = || choices.iter().map(|(word, _)| *word);
            choices.iter().find(|(known, _)| *known == word).map(|(_, choice)| *choice).ok_or_else(
                || {
                    let listed =
                        known().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or ");
                    let help = match nearest(&word, known())
                        .or_else(|| values::other_name(&word, known()))
                    {
                        Some(meant) => format!("did you mean \"{meant}\"? It may be {listed}"),
                        None => format!("it may be {listed}"),
                    };
                    Wrong {
                        code: "bad_value",
                        message: format!("`{word}` is no choice here"),
                        help,
                    }
                },
            )
        })
        .unwrap_or(default)
    }

    /// Returns the complete path that `key` names.
    pub(super) fn path(&mut self, key: &'static str, default: &str) -> PathBuf {
        let path = self.value(key, values::text).unwrap_or_else(|| default.to_owned());
        self.complete(&path)
    }

    /// Returns the complete paths that `key` names: one, or several in a list.
    pub(super) fn paths(&mut self, key: &'static str, default: &str) -> Vec<PathBuf> {
        let paths = self.value(key, values::texts).unwrap_or_else(|| vec![default.to_owned()]);
        paths.iter().map(|path| self.complete(path)).collect()
    }

    /// Returns `path` from the project's folder.
    pub(super) fn complete(&self, path: &str) -> PathBuf {
        super::within(self.folder, path)
    }

    /// Adds a fault about the value of `key`, which is set.
    pub(super) fn fault(&mut self, key: &str, code: &'static str, message: String, help: &str) {
        let setting =
            self.settings.get(key).expect("a value that is its default is at fault in nothing");
        let place = setting.place(self.source);
        self.faults.push(ConfigFault { place, code, message, help: Some(help.to_owned()) });
    }
}

/// Returns what a value is, in words.
pub(super) fn what_it_is(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a decimal point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}
