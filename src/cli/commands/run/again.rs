//! The configuration, read again while the daemon runs.
//! What of it takes force at once is `daemon::Settings`; the rest waits for the next start, and that is said.

use std::path::{Path, PathBuf};

use super::log::{self, SetFilter};
use super::{Answer, at_once, brake_options, gate, way, way_out};
use crate::cli::args::Run;
use crate::config::{self, Config};
use crate::daemon::{Configured, Settings};

/// What is needed to read the configuration as it was read at the start.
pub(super) struct Again {
    /// As it was at the start; what waits for the next one is as it is here.
    started: Config,
    /// As it was read last.
    last: Config,
    /// The file that was named on the command line.
    pub(super) file: Option<PathBuf>,
    run: Run,
    set_filter: SetFilter,
}

impl Again {
    pub(super) fn new(
        config: &Config,
        file: Option<&Path>,
        run: &Run,
        set_filter: SetFilter,
    ) -> Self {
        let file = file.map(Path::to_owned);
        let (started, last) = (config.clone(), config.clone());
        Self { started, last, file, run: run.clone(), set_filter }
    }

    /// Reads it, for a plan whose owner has the address `owner`.
    pub(super) fn configure(&mut self, owner: Option<&str>) -> Configured<'static> {
        match self.read(owner) {
            Ok(None) => Configured::AsBefore,
            Ok(Some(settings)) => Configured::Changed(Box::new(settings)),
            Err(trouble) => Configured::Refused(trouble.report(false)),
        }
    }

    fn read(&mut self, owner: Option<&str>) -> Answer<Option<Settings<'static>>> {
        let environment = config::environment();
        let config = config::load(&self.started.folder, self.file.as_deref(), &environment)?;
        if config == self.last {
            return Ok(None);
        }
        let way = way(&config, &self.run);
        let (sender, transport) = way_out(&config, owner, &self.run, way, true)?;
        for key in waiting(&self.started, &config) {
            tracing::warn!(key, "changed, but counts from the next start on");
        }
        (self.set_filter)(log::filter(&config.log));
        self.last.clone_from(&config);
        // Files and ledger stay those of the start.
        let Config { plans, rules, store, .. } = self.started.clone();
        let config = Config { plans, rules, store, ..config };
        Ok(Some(Settings {
            transport,
            at_once: at_once(&config, way),
            sender,
            brake: brake_options(&config),
            send_at: config.send_at,
            gate: gate(&config),
        }))
    }
}

/// Returns the keys whose new values wait for the next start.
fn waiting(old: &Config, new: &Config) -> Vec<&'static str> {
    [
        ("plan", old.plans != new.plans),
        ("rules.folder", old.rules != new.rules),
        ("store", old.store != new.store),
        ("watch", old.watch != new.watch),
        ("log.format", old.log.format != new.log.format),
    ]
    .into_iter()
    .filter_map(|(key, changed)| changed.then_some(key))
    .collect()
}
