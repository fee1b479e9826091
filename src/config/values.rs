//! What the value of a key must look like.
//! Which key has which is in `config`; where values come from in `settings`.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::ops::RangeInclusive;

use chrono::NaiveTime;
use toml::de::{DeInteger, DeValue};

use super::read::what_it_is;
use super::settings::{Setting, nearest};

/// Eight in the morning, when mails go out if nobody says otherwise.
pub(super) const EIGHT: NaiveTime =
    NaiveTime::from_hms_opt(8, 0, 0).expect("eight o'clock is a time of day");

/// The kinds of ledger.
const SCHEMES: [&str; 3] = ["sqlite", "postgres", "postgresql"];

/// What is wrong with a value.
pub(super) struct Wrong {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: String,
}

/// Reads a text that is not empty.
pub(super) fn text(setting: &Setting<'_>) -> Result<String, Wrong> {
    one_text(&setting.value)
}

/// Reads a text, or a list of texts that is not empty and names nothing twice.
///
/// In a variable, a list is written as in the file: `["a.json", "b.json"]`.
pub(super) fn texts(setting: &Setting<'_>) -> Result<Vec<String>, Wrong> {
    let parsed = match &setting.value {
        DeValue::String(text) if setting.is_only_text() && text.trim_start().starts_with('[') => {
            let list = DeValue::parse(text).map_err(|error| {
                bad(
                    format!("`{text}` is no list: {}", error.message()),
                    "write [\"a.json\", \"b.json\"]",
                )
            })?;
            Some(list.into_inner())
        }
        _ => None,
    };
    let texts = match parsed.as_ref().unwrap_or(&setting.value) {
        DeValue::Array(list) => {
            list.iter().map(|entry| one_text(entry.get_ref())).collect::<Result<Vec<_>, _>>()?
        }
        value => vec![one_text(value)?],
    };
    if let Some(twice) =
        texts.iter().enumerate().find(|(place, text)| texts[..*place].contains(text))
    {
        return Err(bad(format!("`{}` stands here twice", twice.1), "name each once"));
    }
    if texts.is_empty() {
        return Err(bad("the list is empty".to_owned(), "name at least one"));
    }
    Ok(texts)
}

/// Reads `true` or `false`.
pub(super) fn switch(setting: &Setting<'_>) -> Result<bool, Wrong> {
    match &setting.value {
        DeValue::Boolean(switch) => Ok(*switch),
        DeValue::String(text) if setting.is_only_text() => text
            .parse()
            .map_err(|_| bad(format!("`{text}` is neither true nor false"), "write true or false")),
        value => Err(wrong_type(value, "true or false", "write true or false, without quotes")),
    }
}

/// Makes a reader of whole numbers in `range`.
pub(super) fn whole<N>(range: RangeInclusive<u32>) -> impl Fn(&Setting<'_>) -> Result<N, Wrong>
where
    N: TryFrom<u32>,
{
    move |setting| {
        let help = format!("write a whole number from {} to {}", range.start(), range.end());
        let (written, number) = match &setting.value {
            DeValue::Integer(number) => (number.to_string(), number_of(number)),
            DeValue::String(text) if setting.is_only_text() => {
                (text.to_string(), text.trim().parse().ok())
            }
            value => {
                return Err(wrong_type(
                    value,
                    "a whole number",
                    &format!("{help}, without quotes"),
                ));
            }
        };
        number
            .and_then(|number| u32::try_from(number).ok())
            .filter(|number| range.contains(number))
            .and_then(|number| N::try_from(number).ok())
            .ok_or_else(|| bad(format!("{written} is out of bounds"), &help))
    }
}

/// Reads a port.
pub(super) fn port(setting: &Setting<'_>) -> Result<u16, Wrong> {
    whole(1..=u16::MAX.into())(setting)
}

/// Reads a time of day, `08:00`.
pub(super) fn time_of_day(setting: &Setting<'_>) -> Result<NaiveTime, Wrong> {
    const HELP: &str = "write hours and minutes in quotes, \"08:00\"; midnight is \"00:00\"";
    let written = match &setting.value {
        DeValue::String(text) => text.to_string(),
        // TOML has times of its own, which are written without quotes and may have seconds.
        DeValue::Datetime(time) if time.date.is_none() => {
            time.to_string().trim_end_matches(":00").to_owned()
        }
        value => return Err(wrong_type(value, "a time of day", HELP)),
    };
    let padded = if written.contains(':') { written.clone() } else { format!("{written}:00") };
    NaiveTime::parse_from_str(&padded, "%H:%M")
        .map_err(|_| bad(format!("`{written}` is no time of day"), HELP))
}

/// Reads the address of a ledger.
pub(super) fn store_url(setting: &Setting<'_>) -> Result<String, Wrong> {
    const HELP: &str = "write \"sqlite:frist.db\" or \"postgres://user@host/database\"";
    let url = text(setting)?;
    let Some((scheme, rest)) = url.split_once(':') else {
        return Err(bad(format!("`{url}` does not say what kind of ledger it is"), HELP));
    };
    if !SCHEMES.contains(&scheme) {
        let rest = without_login(rest);
        let help = nearest(scheme, SCHEMES).map(|meant| format!("did you mean `{meant}:{rest}`?"));
        let message = format!("there is no kind of ledger `{scheme}`");
        return Err(bad(message, help.as_deref().unwrap_or(HELP)));
    }
    if rest.is_empty() || (scheme != "sqlite" && !rest.starts_with("//")) {
        let url = format!("{scheme}:{}", without_login(rest));
        return Err(bad(format!("`{url}` does not say where the ledger is"), HELP));
    }
    Ok(url)
}

/// Leaves out who logs in, with which password, of an address.
fn without_login(rest: &str) -> Cow<'_, str> {
    match rest.rsplit_once('@') {
        Some((_, place)) => format!("//…@{place}").into(),
        None => rest.into(),
    }
}

/// Reads a mailbox, lightly: what the address really is, only a mail server knows.
pub(super) fn mailbox(setting: &Setting<'_>) -> Result<String, Wrong> {
    let mailbox = text(setting)?;
    let trimmed = mailbox.trim();
    let address = match (trimmed.find('<'), trimmed.strip_suffix('>')) {
        (Some(opening), Some(before)) => before.get(opening + 1..).unwrap_or_default(),
        _ => trimmed,
    };
    let is_clean = |c: char| !c.is_whitespace() && !c.is_control() && !"<>,;".contains(c);
    let is_address = address.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && address.chars().all(is_clean)
    });
    if is_address && !trimmed.contains(char::is_control) {
        Ok(trimmed.to_owned())
    } else {
        Err(bad(
            format!("`{mailbox}` is no mailbox"),
            "write \"frist@example.org\" or \"frist <frist@example.org>\"",
        ))
    }
}

/// Reads the name or address of a machine.
pub(super) fn host(setting: &Setting<'_>) -> Result<String, Wrong> {
    let host = text(setting)?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if bare.parse::<std::net::IpAddr>().is_ok() {
        return Ok(bare.to_owned());
    }
    if host.contains("://") || host.contains([' ', '/', '@']) {
        return Err(bad(
            format!("`{host}` is no name of a machine"),
            "write only the name, \"mail.example.org\"",
        ));
    }
    match host.rsplit_once(':') {
        None => Ok(host),
        Some((name, port)) => Err(bad(
            format!("`{host}` names a port"),
            &format!("write host = \"{name}\" and port = {port}"),
        )),
    }
}

/// Reads the address of something on the web.
pub(super) fn web_address(setting: &Setting<'_>) -> Result<String, Wrong> {
    let address = text(setting)?.trim().to_owned();
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let is_clean = address.chars().all(|c| !c.is_whitespace() && !c.is_control());
    if is_clean && host.is_some_and(|host| !host.is_empty()) {
        return Ok(address);
    }
    // What stands there may be meant to be secret, so it is not repeated.
    Err(bad("this is no address of the web".to_owned(), "write \"https://hc-ping.com/…\""))
}

/// Reads an address and port of this machine that no other machine can reach.
pub(super) fn own_address(setting: &Setting<'_>) -> Result<SocketAddr, Wrong> {
    const HELP: &str = "write \"127.0.0.1:9105\"";
    let written = text(setting)?;
    let numbers = written.trim().replace("localhost:", "127.0.0.1:");
    let Ok(address) = numbers.parse::<SocketAddr>() else {
        return Err(bad(format!("`{written}` is no address with a port"), HELP));
    };
    if address.ip().to_canonical().is_loopback() {
        return Ok(address);
    }
    Err(bad(
        format!("`{written}` can be reached from other machines"),
        &format!(
            "write \"127.0.0.1:{}\"; who looks from elsewhere comes through a proxy of yours",
            address.port()
        ),
    ))
}

/// Returns the choice that other programs call `word`, if it is one of `known`.
pub(super) fn other_name<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let meant = match word.to_lowercase().as_str() {
        "ssl" | "smtps" | "ssl/tls" | "tls" | "wrapper" => "implicit",
        "off" | "no" | "false" | "plain" => "none",
        "opportunistic" | "on" | "true" => "starttls",
        "mail" | "email" | "esmtp" => "smtp",
        "file" | "directory" | "dir" => "folder",
        "text" | "pretty" => "plain",
        _ => return None,
    };
    known.into_iter().find(|known| *known == meant)
}

fn one_text(value: &DeValue<'_>) -> Result<String, Wrong> {
    match value {
        DeValue::String(text) if text.trim().is_empty() => Err(bad(
            "the text is empty".to_owned(),
            "write something, or leave the key out for its default",
        )),
        DeValue::String(text) => Ok(text.to_string()),
        value => Err(wrong_type(value, "a text", "write it in quotes")),
    }
}

fn number_of(number: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn wrong_type(value: &DeValue<'_>, wanted: &str, help: &str) -> Wrong {
    let message = format!("here stands {}, not {wanted}", what_it_is(value));
    Wrong { code: "wrong_type", message, help: help.to_owned() }
}

fn bad(message: String, help: &str) -> Wrong {
    Wrong { code: "bad_value", message, help: help.to_owned() }
}
