//! From settings to a configuration: which key has which kind of value and which default, and what must fit together.
//! What a value must look like is in `values`; where it comes from in `settings`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::Weekday;

use super::read::Reader;
use super::{
    CheckConfig, Config, LimitsConfig, LogConfig, LogFormat, LogLevel, MailConfig, Secret,
    SmtpConfig, StoreConfig, TlsMode, TransportKind, WatchConfig, Weekly, settings::CREDENTIALS,
    values,
};

/// What a file's name begins with if systemd hands it over.
const CREDENTIAL: &str = "credential:";
/// How many bytes the password's file may have.
const LONGEST_PASSWORD: u64 = 4096;
/// A limit that nobody reaches, for those who want none.
const MOST: u32 = 10_000_000;

/// Reads every key; a faulty one leaves its default, and its fault with the reader.
pub(super) fn config(
    reader: &mut Reader<'_>,
    folder: &Path,
    environment: &BTreeMap<String, String>,
) -> Config {
    let transports = [("folder", TransportKind::Folder), ("smtp", TransportKind::Smtp)];
    let formats = [("plain", LogFormat::Plain), ("json", LogFormat::Json)];
    let levels = [
        ("error", LogLevel::Error),
        ("warn", LogLevel::Warn),
        ("info", LogLevel::Info),
        ("debug", LogLevel::Debug),
    ];
    let transport = reader.word("mail.transport", &transports, TransportKind::Folder);
    Config {
        folder: folder.to_owned(),
        plans: reader.paths("plan", "plan.json"),
        rules: reader.path("rules.folder", "rules"),
        require_tests: reader.value("rules.require_tests", values::switch).unwrap_or(true),
        send_at: reader.value("send_at", values::time_of_day).unwrap_or(values::EIGHT),
        brake_at_once: reader.value("brake.at_once", values::whole(0..=u32::from(u16::MAX))),
        limits: limits(reader),
        store: StoreConfig {
            url: reader
                .value("store.url", values::store_url)
                .unwrap_or("sqlite:frist.db".to_owned()),
            archive_after_years: reader.value("store.archive_after_years", values::whole(1..=100)),
            instance: reader
                .value("store.instance", values::text)
                .map(|file| reader.complete(&file)),
        },
        mail: MailConfig {
            transport,
            folder: reader.path("mail.folder", "outbox"),
            from: reader
                .value("mail.from", values::mailbox)
                .unwrap_or("frist <frist@localhost>".to_owned()),
            reply_to: reader.value("mail.reply_to", values::mailbox),
            smtp: smtp(reader, transport, environment),
        },
        check: CheckConfig {
            mails_a_month: reader
                .value("check.mails_a_month", values::whole(1..=10_000))
                .unwrap_or(20),
        },
        watch: watch(reader),
        log: LogConfig {
            format: reader.word("log.format", &formats, LogFormat::Plain),
            level: reader.word("log.level", &levels, LogLevel::Info),
            filter: environment.get("FRIST_LOG").filter(|filter| !filter.is_empty()).cloned(),
        },
        fault: environment.get("FRIST_FAULT").cloned(),
    }
}

fn watch(reader: &mut Reader<'_>) -> WatchConfig {
    let days = [
        ("monday", Weekly::On(Weekday::Mon)),
        ("tuesday", Weekly::On(Weekday::Tue)),
        ("wednesday", Weekly::On(Weekday::Wed)),
        ("thursday", Weekly::On(Weekday::Thu)),
        ("friday", Weekly::On(Weekday::Fri)),
        ("saturday", Weekly::On(Weekday::Sat)),
        ("sunday", Weekly::On(Weekday::Sun)),
        ("off", Weekly::Off),
    ];
    let weekly = reader.is_set("watch.weekly");
    WatchConfig {
        ping_url: reader.value("watch.ping_url", values::web_address),
        ping_fail_url: reader.value("watch.ping_fail_url", values::web_address),
        ping_file: reader.value("watch.ping_file", values::text).map(|file| reader.complete(&file)),
        listen: reader.value("watch.listen", values::own_address),
        weekly: weekly.then(|| reader.word("watch.weekly", &days, Weekly::On(Weekday::Mon))),
        stale_after_days: reader.value("watch.stale_after_days", values::whole(0..=3650)),
    }
}

fn limits(reader: &mut Reader<'_>) -> LimitsConfig {
    let mut limit = |key, default| reader.value(key, values::whole(1..=MOST)).unwrap_or(default);
    LimitsConfig {
        a_tick: limit("brake.a_tick", 500),
        an_hour: limit("brake.an_hour", 1000),
        a_recipient_and_day: limit("brake.a_recipient_and_day", 10),
    }
}

fn smtp(
    reader: &mut Reader<'_>,
    transport: TransportKind,
    environment: &BTreeMap<String, String>,
) -> SmtpConfig {
    let modes =
        [("none", TlsMode::None), ("starttls", TlsMode::Starttls), ("implicit", TlsMode::Implicit)];
    let seconds = reader.value("mail.smtp.timeout_s", values::whole(1..=3600)).unwrap_or(60);
    let mut smtp = SmtpConfig {
        host: reader.value("mail.smtp.host", values::host).unwrap_or("127.0.0.1".to_owned()),
        port: reader.value("mail.smtp.port", values::port).unwrap_or(25),
        tls: reader.word("mail.smtp.tls", &modes, TlsMode::Starttls),
        force_plain: reader.value("mail.smtp.force_plain", values::switch).unwrap_or(false),
        ca_file: reader.value("mail.smtp.ca_file", values::text).map(|file| reader.complete(&file)),
        username: reader.value("mail.smtp.username", values::text),
        password_file: None,
        password: None,
        connections: reader.value("mail.smtp.connections", values::whole(1..=1000)).unwrap_or(4),
        timeout: Duration::from_secs(seconds),
    };
    let password_file = reader.value("mail.smtp.password_file", values::text);
    // What is wrong with a server that nobody uses hurts nobody, and its password is nobody's business.
    if transport == TransportKind::Smtp {
        if smtp.tls == TlsMode::None && !smtp.force_plain && !is_loopback(&smtp.host) {
            let message = format!("mails would go to `{}` unencrypted", smtp.host);
            let help = "write tls = \"starttls\" or \"implicit\"; or, if the way there is safe, force_plain = true";
            reader.fault("mail.smtp.tls", "plain_mail", message, help);
        }
        smtp.password_file = password_file
            .as_ref()
            .filter(|file| !file.starts_with(CREDENTIAL))
            .map(|file| reader.complete(file));
        smtp.password = read_password(reader, password_file, environment);
    }
    smtp
}

fn read_password(
    reader: &mut Reader<'_>,
    file: Option<String>,
    environment: &BTreeMap<String, String>,
) -> Option<Secret> {
    const NAME_KEY: &str = "mail.smtp.username";
    const FILE_KEY: &str = "mail.smtp.password_file";
    match (reader.is_set(NAME_KEY), reader.is_set(FILE_KEY)) {
        (true, false) => {
            let message = "there is a user name, but no password".to_owned();
            let help = "name the password's file in password_file";
            reader.fault(NAME_KEY, "no_password", message, help);
        }
        (false, true) => {
            let message = "there is a password, but no user name".to_owned();
            reader.fault(FILE_KEY, "no_username", message, "write the user name in username");
        }
        (true, true) | (false, false) => {}
    }
    let file = file?;
    let file = match file.strip_prefix(CREDENTIAL) {
        Some(name) => credential(reader, FILE_KEY, name, environment)?,
        None => reader.complete(&file),
    };
    match read_short(&file) {
        Ok(text) => {
            let password = text
                .strip_suffix('\n')
                .map_or(&*text, |line| line.strip_suffix('\r').unwrap_or(line));
            if password.is_empty() {
                let message = format!("the password's file {} is empty", file.display());
                reader.fault(
                    FILE_KEY,
                    "empty_password",
                    message,
                    "write the password into its first line",
                );
            }
            Some(Secret::new(password.to_owned()))
        }
        Err(cause) => {
            let message = format!("the password's file {} cannot be read: {cause}", file.display());
            reader.fault(
                FILE_KEY,
                "no_password_file",
                message,
                "name a file that holds the password and nothing else",
            );
            None
        }
    }
}

/// Returns the file in which systemd hands over the credential `name`; it says where in a variable.
///
/// Where it does not, there is no password, and that is no fault: whoever looks at the ledger sends nothing.
fn credential(
    reader: &mut Reader<'_>,
    key: &'static str,
    name: &str,
    environment: &BTreeMap<String, String>,
) -> Option<PathBuf> {
    if name.is_empty() || name.contains('/') || name.starts_with('.') {
        let message = format!("`{CREDENTIAL}{name}` names no credential");
        reader.fault(key, "bad_value", message, "write \"credential:smtp\"");
        return None;
    }
    let folder = environment.get(CREDENTIALS).filter(|folder| !folder.is_empty())?;
    Some(Path::new(folder).join(name))
}

/// Reads a file that may have one line; one that does not end, such as a device, is no reason to wait.
fn read_short(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    fs::File::open(file)?.take(LONGEST_PASSWORD + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST_PASSWORD {
        return Err(io::Error::other("it is too long to be one"));
    }
    Ok(text)
}

/// Tells whether `host` is this machine, without asking a name server.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
