//! Settings that take force while the daemon runs: the way out, the hour of mails, the brake.
//! Reading them, and telling which ones wait for the next start, is for whoever starts the daemon.

use chrono::NaiveTime;

use super::force::Gate;
use super::serve::Reload;
use super::{BrakeOptions, Daemon};
use crate::fingerprint;
use crate::mail::{Sender, Transport};

/// What of a configuration takes force while the daemon runs.
pub struct Settings<'a> {
    /// The way out.
    pub transport: Transport,
    /// How many messages are sent side by side.
    pub at_once: usize,
    /// Who writes.
    pub sender: Sender,
    /// How changes are watched.
    pub brake: BrakeOptions,
    /// The hour from which mails go out.
    pub send_at: NaiveTime,
    /// How edited files are judged.
    pub gate: Gate<'a>,
}

/// What became of a configuration that was looked at again.
pub enum Configured<'a> {
    /// It says the same as before.
    AsBefore,
    /// It says something else.
    Changed(Box<Settings<'a>>),
    /// It is faulty: why, as `frist check` says it. What was in force stays.
    Refused(String),
}

/// Reads the configuration anew, for a plan whose owner has this address.
pub type Configure<'a> = Box<dyn FnMut(Option<&str>) -> Configured<'a> + Send + 'a>;

impl Daemon {
    /// Looks at the configuration again, and puts in force what it says now.
    pub(super) async fn configure(&mut self, reload: &mut Reload<'_>) {
        let mut owners = self.served.iter().map(|served| served.schedule().plan());
        let owner = owners.find_map(|plan| plan.unit(plan.owner?).email.clone());
        match (reload.configure)(owner.as_deref()) {
            Configured::AsBefore => {}
            Configured::Changed(settings) => {
                let Settings { transport, at_once, sender, brake, send_at, gate } = *settings;
                self.postman.replace(transport, at_once).await;
                self.sender = sender;
                self.brake_options = Some(brake);
                (reload.send_at, reload.gate) = (send_at, gate);
                tracing::info!("the configuration is in force as it is now");
            }
            Configured::Refused(report) => {
                tracing::warn!(
                    "the configuration is faulty, and stays in force as it was; `frist check` tells why"
                );
                let message = format!(
                    "The configuration is faulty. It stays in force as it was until it is mended, or the daemon is \
                     started anew; then nothing is sent.\n\n{report}"
                );
                let key = format!("configuration: {}", fingerprint::of([report.as_bytes()]));
                for served in &mut self.served {
                    served.tell_owner(key.clone(), "frist.toml".to_owned(), message.clone());
                }
            }
        }
    }
}
