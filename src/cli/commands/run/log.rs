//! What the daemon says about itself on standard error: one line an event, from a weight on that can change while it runs.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat, LogLevel};

/// Makes another filter take force.
pub(super) type SetFilter = Box<dyn Fn(EnvFilter) + Send>;

/// Starts the log.
pub(super) fn start(config: &LogConfig) -> SetFilter {
    let log = tracing_subscriber::fmt().with_env_filter(filter(config)).with_writer(io::stderr);
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
