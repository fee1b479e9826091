//! What the daemon says about itself on standard error: one line an event, from a weight on that can change while it runs.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{self, LogConfig, LogFormat, LogLevel};

/// Makes another filter take force.
pub(super) type SetFilter = Box<dyn Fn(EnvFilter) + Send>;

/// Starts the log.
pub(super) fn start(config: &LogConfig) -> SetFilter {
    let writer = Lines { for_journal: is_journal() };
    let log = tracing_subscriber::fmt().with_env_filter(filter(config)).with_writer(writer);
    // A second log cannot be started; then the first one goes on. A filter fails to be replaced when the program ends.
    match config.format {
        LogFormat::Json => {
            let log = log.json().with_filter_reloading();
            let handle = log.reload_handle();
            let _ = log.try_init();
            Box::new(move |filter| drop(handle.reload(filter)))
        }
        LogFormat::Plain => {
            let log = log
                .with_target(false)
                .with_ansi(io::stderr().is_terminal())
                .with_filter_reloading();
            let handle = log.reload_handle();
            let _ = log.try_init();
            Box::new(move |filter| drop(handle.reload(filter)))
        }
    }
}

/// Returns which lines are written.
pub(super) fn filter(config: &LogConfig) -> EnvFilter {
    let by_level = match config.level {
        LogLevel::Error => "frist=error",
        LogLevel::Warn => "frist=warn",
        LogLevel::Info => "frist=info",
        LogLevel::Debug => "frist=debug",
    };
    let wanted = config.filter.as_deref().unwrap_or(by_level);
    EnvFilter::try_new(wanted).unwrap_or_else(|_| EnvFilter::new(by_level))
}

/// Makes lines for standard error, which begin with their weight if they go into systemd's journal (sd-daemon(3)):
/// `journalctl -p warning` finds them by it.
struct Lines {
    for_journal: bool,
}

/// A line, with what is still to be written before it.
struct Line(&'static str);

impl MakeWriter<'_> for Lines {
    type Writer = Line;

    fn make_writer(&self) -> Line {
        Line("")
    }

    fn make_writer_for(&self, event: &Metadata<'_>) -> Line {
        Line(if self.for_journal { prefix(*event.level()) } else { "" })
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Both under one lock, so that no other line comes between.
        let mut error = io::stderr().lock();
        error.write_all(std::mem::take(&mut self.0).as_bytes())?;
        error.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Tells whether standard error is the stream that systemd has opened to its journal, which may be redirected since.
fn is_journal() -> bool {
    let own = io::stderr().as_fd().try_clone_to_owned().map(File::from);
    let own = own.and_then(|error| error.metadata()).map(|data| (data.dev(), data.ino()));
    own.is_ok_and(|own| config::journal() == Some(own))
}

fn prefix(level: Level) -> &'static str {
    match level {
        Level::ERROR => "<3>",
        Level::WARN => "<4>",
        Level::INFO => "<6>",
        _ => "<7>",
    }
}
