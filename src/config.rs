//! Configuration: `frist.toml`, the environment and flags in layers, read into values that cannot be wrong.
//! Nothing else reads the environment. How faults are printed is `cli`'s; what the values do is up to those who get them.

mod assemble;
mod fault;
mod read;
mod secret;
mod settings;
mod values;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, process};

use chrono::{NaiveTime, Weekday};

pub use fault::{ConfigErrors, ConfigFault, ConfigFaults, Place};
pub use secret::{Secret, without_passwords};
pub use settings::{Flag, KEYS, VARIABLES, variable_of};

use fault::Source;
use read::Reader;
use settings::Settings;

/// The configuration's file in a project's folder.
pub const FILE: &str = "frist.toml";

/// How many bytes it may have.
const LONGEST: u64 = 1 << 20;

/// Everything that can be configured. Every path is complete: relative ones were below the project's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The project's folder.
    pub folder: PathBuf,
    /// The plans' files; never empty.
    pub plans: Vec<PathBuf>,
    /// The folder of the rules.
    pub rules: PathBuf,
    /// Whether changed files take force only if the scenario tests of the rules pass.
    pub require_tests: bool,
    /// The time of day at which mails go out, in the plan's zone.
    pub send_at: NaiveTime,
    /// How many messages a change may send at once that would not have been sent before; `None` is three times the usual
    /// day, at least 20.
    pub brake_at_once: Option<usize>,
    /// How many messages there may be before the rest is held.
    pub limits: LimitsConfig,
    /// The ledger.
    pub store: StoreConfig,
    /// How mails leave the house.
    pub mail: MailConfig,
    /// What `frist check` minds.
    pub check: CheckConfig,
    /// How others see that the daemon lives.
    pub watch: WatchConfig,
    /// What the program says about itself.
    pub log: LogConfig,
    /// What a test wants to go wrong, in the words of [`fault`](crate::fault).
    pub fault: Option<String>,
}

/// Where the ledger is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// `sqlite:…`, `postgres://…` or `postgresql://…`, as written: a relative file of SQLite's is below the project's folder.
    pub url: String,
    /// So many years after they were settled, the daemon archives the texts of messages; `None` is never.
    pub archive_after_years: Option<u16>,
    /// The file that tells this installation from a copy; `None` is beside the ledger, or in the project's folder if the
    /// ledger is on a server.
    pub instance: Option<PathBuf>,
}

/// How many messages there may be before the rest is held; each at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitsConfig {
    /// In a tick of all plans.
    pub a_tick: usize,
    /// In an hour.
    pub an_hour: usize,
    /// To a recipient on a day.
    pub a_recipient_and_day: usize,
}

/// How mails leave the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailConfig {
    /// Which way they go.
    pub transport: TransportKind,
    /// The folder of the folder transport.
    pub folder: PathBuf,
    /// The sender, `name <local@domain>` or `local@domain`.
    pub from: String,
    /// Where answers go; `None` is the owner's address.
    pub reply_to: Option<String>,
    /// The mail server.
    pub smtp: SmtpConfig,
}

/// Which way mails go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportKind {
    /// Into a folder, one `.eml` a message: nothing reaches anyone.
    Folder,
    /// To a mail server.
    Smtp,
}

/// The mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// Its name or address, without a port.
    pub host: String,
    /// Its port, never 0.
    pub port: u16,
    /// How the connection is encrypted; never `None` to another machine unless it is forced.
    pub tls: TlsMode,
    /// Whether mails may go to another machine unencrypted.
    pub force_plain: bool,
    /// Certificates (PEM) that are trusted beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// The name to log in with; `None` is no login.
    pub username: Option<String>,
    /// The file that the password is read from; `None` if systemd hands it over.
    pub password_file: Option<PathBuf>,
    /// The password, read only if mails go by SMTP. Where there is a user name, it is only missing if systemd is to hand it
    /// over, and does not.
    pub password: Option<Secret>,
    /// How many connections may be open at a time; at least 1.
    pub connections: usize,
    /// How long the server may take over each command.
    pub timeout: Duration,
}

/// How a connection to the mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// Not at all.
    None,
    /// After the greeting, by STARTTLS.
    Starttls,
    /// From the first byte.
    Implicit,
}

/// What `frist check` minds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckConfig {
    /// So many mails of one step to one recipient in a month are nothing to speak of; at least 1.
    pub mails_a_month: usize,
}

/// How others see that the daemon lives, and what it tells owners about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchConfig {
    /// An address that is asked after good ticks, at most once a minute.
    pub ping_url: Option<String>,
    /// An address that is asked after bad ticks, at most once a minute.
    pub ping_fail_url: Option<String>,
    /// A file that is touched after good ticks, at most once a minute.
    pub ping_file: Option<PathBuf>,
    /// The address of this machine's own at which the daemon answers how it does; `None` is nowhere.
    pub listen: Option<SocketAddr>,
    /// When owners get their weekly message; `None` is on Mondays where mails go to a mail server, else never.
    pub weekly: Option<Weekly>,
    /// After so many days without an edit or an answer a plan is stale, 0 for never; `None` is 90, and owners are told where
    /// mails go to a mail server.
    pub stale_after_days: Option<u16>,
}

/// After so many days without an edit or an answer a plan seems forgotten, if nothing else is configured.
pub const STALE_AFTER_DAYS: u16 = 90;

/// When owners get their weekly message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weekly {
    /// Never.
    Off,
    /// On this day of each week.
    On(Weekday),
}

/// What the program says about itself on stderr.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfig {
    /// How a line looks.
    pub format: LogFormat,
    /// From which weight on lines are written, unless `filter` says otherwise.
    pub level: LogLevel,
    /// Which lines are written, in the words of `FRIST_LOG` (`info`, `frist=debug`); `None` is by their weight.
    pub filter: Option<String>,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Text for people.
    Plain,
    /// One JSON object a line.
    Json,
}

/// How much weight a line of the log must have to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// Something fails.
    Error,
    /// Something may need a person.
    Warn,
    /// What the daemon does.
    Info,
    /// What helps to find out why.
    Debug,
}

/// Reads the configuration of the project in `folder`: defaults, under `file` (else `frist.toml`, if there is one), under
/// the `FRIST_…` variables of `environment`. `file` is relative to where the program was started.
///
/// # Errors
/// If the folder or a named file cannot be read; else all faults at once.
pub fn load(
    folder: &Path,
    file: Option<&Path>,
    environment: &BTreeMap<String, String>,
) -> Result<Config, ConfigErrors> {
    load_with(folder, file, environment, &[])
}

/// Reads the configuration as [`load`] does, under `flags` of the command line.
///
/// # Errors
/// As [`load`].
pub fn load_with(
    folder: &Path,
    file: Option<&Path>,
    environment: &BTreeMap<String, String>,
    flags: &[Flag],
) -> Result<Config, ConfigErrors> {
    if !folder.is_dir() {
        let source =
            fs::metadata(folder).err().unwrap_or_else(|| io::ErrorKind::NotADirectory.into());
        return Err(ConfigErrors::Unreadable { path: folder.to_owned(), source });
    }
    of_source(read_source(folder, file)?, folder, environment, flags)
}

/// Reads the configuration as [`load`] does, from a file's text that was kept elsewhere; faults name it `path`.
///
/// # Errors
/// All faults at once.
pub fn load_text(
    folder: &Path,
    path: PathBuf,
    text: String,
    environment: &BTreeMap<String, String>,
) -> Result<Config, ConfigErrors> {
    of_source(Source { path, text }, folder, environment, &[])
}

fn of_source(
    source: Source,
    folder: &Path,
    environment: &BTreeMap<String, String>,
    flags: &[Flag],
) -> Result<Config, ConfigErrors> {
    let mut faults = Vec::new();
    let settings = Settings::gather(&source, environment, flags, &mut faults);
    let mut reader = Reader::new(&source, folder, settings, faults);
    let config = assemble::config(&mut reader, folder, environment);
    let mut faults = reader.faults;
    if faults.is_empty() {
        return Ok(config);
    }
    faults.sort_by_key(ConfigFault::order);
    Err(ConfigErrors::Faulty(ConfigFaults { path: source.path, text: source.text, faults }))
}

/// Returns the variables of this process that are meant for frist, and where systemd keeps its credentials. A value that is no UTF-8 is read as far as it is.
pub fn environment() -> BTreeMap<String, String> {
    env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, _)| name.starts_with(settings::PREFIX) || name == settings::CREDENTIALS)
        .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
        .collect()
}

/// Returns the device and the number of the stream that the service manager has opened to its journal, if it has.
pub fn journal() -> Option<(u64, u64)> {
    let (_, stream) = env::vars_os().find(|(known, _)| known == "JOURNAL_STREAM")?;
    let (device, number) = stream.to_str()?.split_once(':')?;
    Some((device.parse().ok()?, number.parse().ok()?))
}

/// Returns how often the service manager wants to hear that this process lives, if it does.
pub fn watchdog() -> Option<Duration> {
    let of = |name: &str| {
        let (_, value) = env::vars_os().find(|(known, _)| known == name)?;
        value.to_str()?.parse::<u64>().ok()
    };
    let is_for_us = of("WATCHDOG_PID").is_none_or(|id| id == u64::from(process::id()));
    of("WATCHDOG_USEC").filter(|wanted| is_for_us && *wanted > 0).map(Duration::from_micros)
}

fn read_source(folder: &Path, file: Option<&Path>) -> Result<Source, ConfigErrors> {
    let path = file.map_or_else(|| within(folder, FILE), Path::to_owned);
    let bytes = match read_short(&path) {
        Ok(bytes) => bytes,
        Err(cause) if file.is_none() && cause.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(source) => return Err(ConfigErrors::Unreadable { path, source }),
    };
    String::from_utf8(bytes).map(|text| Source { path: path.clone(), text }).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let source = Source { path, text: String::from_utf8_lossy(error.as_bytes()).into_owned() };
        let fault = ConfigFault {
            place: source.place(offset..offset + char::REPLACEMENT_CHARACTER.len_utf8()),
            code: "no_utf8",
            message: "the file is not written in UTF-8".to_owned(),
            help: Some("save it with the encoding UTF-8".to_owned()),
        };
        ConfigErrors::Faulty(ConfigFaults {
            path: source.path,
            text: source.text,
            faults: vec![fault],
        })
    })
}

/// Reads a file that people have written, and not one that never ends.
fn read_short(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is longer than a megabyte"));
    }
    Ok(bytes)
}

/// Returns `path` from `folder`, without a `./` in front of everything that is told about it.
fn within(folder: &Path, path: &str) -> PathBuf {
    if folder == Path::new(".") { PathBuf::from(path) } else { folder.join(path) }
}
