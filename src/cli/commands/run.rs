//! `frist run`: the daemon on the real clock, one turn of it, or a replay.
//! What the daemon does is in `daemon`; here it gets its parts from configuration and flags.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use tracing_subscriber::EnvFilter;

use super::{Answer, Context, place};
use crate::cli::args::{Run, Way};
use crate::cli::output::{self, SummaryRow};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, talk};
use crate::clock::Clock;
use crate::config::{Config, LogFormat, SmtpConfig, TlsMode, TransportKind};
use crate::daemon::{Daemon, Parts, Reload, Summary};
use crate::mail::transport::smtp::{SmtpOptions, Timeouts, Tls};
use crate::mail::transport::{Folder, Smtp};
use crate::mail::{Sender, Transport};
use crate::project::{Place, Project};
use crate::store::Store;

/// A replay's ledger, unless another is named.
const MEMORY: &str = "sqlite::memory:";

/// A summary shows so many faults; all of them were told to the owner.
const FAULTS: usize = 20;

/// Runs the daemon as the flags say.
pub(super) async fn run(context: Context, run: Run) -> Answer<Exit> {
    let zone = context.zone();
    match (run.from, run.until) {
        (Some(from), Some(until)) => {
            let (from, until) = (from.resolve(zone), until.resolve(zone));
            if until <= from {
                let help =
                    "what is played goes from --from to --until, and ends before it".to_owned();
                return Err(Trouble::usage("--until must lie after --from".to_owned(), Some(help)));
            }
            replay(&context, &run, from, until).await
        }
        _ => live(context, &run).await,
    }
}

async fn replay(
    context: &Context,
    run: &Run,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Answer<Exit> {
    let clock = Clock::simulated(from);
    let url = run.store.as_deref().unwrap_or(MEMORY);
    let way = run.transport.unwrap_or(Way::Folder);
    let parts = parts(context, run, (clock, from), url, way, false).await?;
    let mut daemon = Daemon::begin(&context.project, parts).await?;
    let progress = progress(from, until);
    let done = daemon.replay(until, |at| progress.set_position(seconds(at - from))).await;
    progress.finish_and_clear();
    let summary = daemon.end().await;
    done?;
    print_summary(context, &summary)?;
    if way == Way::Folder {
        let folder = run.outbox.as_deref().unwrap_or(&context.config.mail.folder);
        talk(&format!("The mails lie in {}.", folder.display()));
    }
    Ok(Exit::Fine)
}

async fn live(context: Context, run: &Run) -> Answer<Exit> {
    start_log(&context.config);
    context.warn_of_faults();
    let began = context.now();
    let clock = if context.now.is_some() { Clock::starting_at(began) } else { Clock::System };
    let url = run.store.clone().unwrap_or_else(|| context.config.store.url.clone());
    let way = run.transport.unwrap_or(match context.config.mail.transport {
        TransportKind::Folder => Way::Folder,
        TransportKind::Smtp => Way::Smtp,
    });
    let parts = parts(&context, run, (clock, began), &url, way, true).await?;
    let mut daemon = Daemon::begin(&context.project, parts).await?;
    if run.once {
        let done = daemon.turn().await;
        let summary = daemon.end().await;
        done?;
        print_summary(&context, &summary)?;
    } else {
        daemon.serve(reload(&context.config)).await?;
        daemon.end().await;
    }
    Ok(Exit::Fine)
}

async fn parts(
    context: &Context,
    run: &Run,
    (clock, began): (Clock, DateTime<Utc>),
    url: &str,
    way: Way,
    durable: bool,
) -> Answer<Parts> {
    let config = &context.config;
    let owner = context.project.plans.iter().find_map(|plan| plan.unit(plan.owner?).email.clone());
    let sender =
        Sender::parse(&config.mail.from, config.mail.reply_to.as_deref().or(owner.as_deref()))?;
    let store = Store::open(url, &config.folder).await?;
    let transport = match way {
        Way::Folder => {
            let folder: &Path = run.outbox.as_deref().unwrap_or(&config.mail.folder);
            Transport::Folder(Folder::open(folder, sender.clone(), durable)?)
        }
        Way::Smtp => Transport::Smtp(Smtp::open(smtp_options(&config.mail.smtp), sender.clone())?),
    };
    // More deliveries than connections: those that wait for one take it while others are being written down.
    let at_once = if way == Way::Smtp { config.mail.smtp.connections * 8 } else { 1 };
    Ok(Parts { clock, began, store, transport, sender, send_at: config.send_at, at_once })
}

fn smtp_options(config: &SmtpConfig) -> SmtpOptions {
    SmtpOptions {
        host: config.host.clone(),
        port: config.port,
        tls: match config.tls {
            TlsMode::None => Tls::None,
            TlsMode::Starttls => Tls::Starttls,
            TlsMode::Implicit => Tls::Implicit,
        },
        force_plain: config.force_plain,
        username: config.username.clone(),
        password: config.password.as_ref().map(|password| password.reveal().to_owned().into()),
        connections: config.connections,
        ca_file: config.ca_file.clone(),
        timeouts: Timeouts { command: config.timeout, ..Timeouts::default() },
    }
}

/// Tells a resident daemon how to notice edits, and how to read them.
fn reload(config: &Config) -> Reload<'static> {
    let place: Place = place(config);
    let watched = place.plans.iter().cloned().chain([place.rules.clone()]).collect();
    let mut stamp = place.stamp();
    let looked_at = place.clone();
    let wanted = config.plans.len();
    Reload {
        paths: watched,
        changed: Box::new(move || {
            let new = looked_at.stamp();
            let changed = new != stamp;
            stamp = new;
            changed
        }),
        read: Box::new(move || {
            let project = Project::read(&place).map_err(|error| error.to_string())?;
            match project.faults() {
                Some(faults) => Err(faults),
                None if project.plans.len() < wanted => Err("a plan is missing".to_owned()),
                None => Ok(project),
            }
        }),
        send_at: config.send_at,
    }
}

/// One line an event on standard error.
fn start_log(config: &Config) {
    let filter = config.log.filter.as_deref().unwrap_or("frist=info");
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("frist=info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // A second log cannot be started; then the first one goes on.
    let _ = match config.log.format {
        LogFormat::Json => log.json().try_init(),
        LogFormat::Plain => log.with_target(false).with_ansi(io::stderr().is_terminal()).try_init(),
    };
}

fn progress(from: DateTime<Utc>, until: DateTime<Utc>) -> ProgressBar {
    let bar = ProgressBar::new(seconds(until - from));
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn seconds(span: chrono::TimeDelta) -> u64 {
    u64::try_from(span.num_seconds()).unwrap_or_default()
}

fn print_summary(context: &Context, summary: &Summary) -> Answer<()> {
    let message =
        |state, count| SummaryRow { what: "message", kind: None, state: Some(state), count };
    let mut rows = vec![
        message("sent", summary.sent),
        message("retrying", summary.retrying),
        message("gave_up", summary.gave_up),
    ];
    rows.extend(summary.notices.iter().map(|((kind, state), count)| SummaryRow {
        what: "notice",
        kind: Some(kind.word()),
        state: Some(state),
        count: *count,
    }));
    rows.push(SummaryRow { what: "fault", kind: None, state: None, count: summary.faults.len() });
    output::print(context.format, rows.into_iter())?;
    for fault in summary.faults.iter().take(FAULTS) {
        talk(&format!("fault: {fault}"));
    }
    if summary.faults.len() > FAULTS {
        talk(&format!("and {} more faults", summary.faults.len() - FAULTS));
    }
    Ok(())
}
