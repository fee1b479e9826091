//! The numbers for Prometheus, in its text format. They name plans, kinds and states; never a unit, a subject or an address.
//! Where they are asked for is in `page`; what they mean, in docs/operations.md.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, prometheus_text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use super::{Delivered, Pulse};
use crate::store::{MessageState, Outbox};

/// The type of [`text`]'s content, as HTTP calls it.
pub(super) const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// One metric: its name, what it tells, and its values by their labels.
#[derive(Debug)]
struct Metric {
    name: &'static str,
    help: &'static str,
    values: Values,
}

#[derive(Debug)]
enum Values {
    /// What only grows.
    Counters(Vec<(Labels, u64)>),
    /// What goes up and down.
    Gauges(Vec<(Labels, f64)>),
}

type Labels = Vec<(&'static str, String)>;

/// All metrics, in their order. prometheus-client keeps families in the order of a hash map.
#[derive(Debug)]
struct All(Vec<Metric>);

/// Writes down how the daemon does; `outbox` is missing if the ledger does not answer, and its oldest message's age in
/// seconds is `oldest`.
pub(super) fn text(pulse: &Pulse, outbox: Option<&Outbox>, oldest: f64) -> String {
    let mut registry = Registry::with_prefix("frist");
    registry.register_collector(Box::new(All(metrics(pulse, outbox, oldest))));
    let mut text = String::new();
    prometheus_text::encode(&mut text, &registry).expect("a text takes all that is written to it");
    text
}

fn metrics(pulse: &Pulse, outbox: Option<&Outbox>, oldest: f64) -> Vec<Metric> {
    let counters = |name, help, values| Metric { name, help, values: Values::Counters(values) };
    let gauges = |name, help, values| Metric { name, help, values: Values::Gauges(values) };
    let one = |label, value: &str| vec![(label, value.to_owned())];
    let notices = pulse.notices.iter().map(|((kind, state), count)| {
        (vec![("kind", kind.word().to_owned()), ("state", (*state).to_owned())], *count)
    });
    let deliveries = Delivered::ALL.map(|how| {
        (one("outcome", how.word()), pulse.deliveries.get(&how).copied().unwrap_or_default())
    });
    let ends =
        pulse.plans.iter().filter_map(|(plan, days)| Some((one("plan", plan), whole((*days)?))));
    let mut metrics = vec![
        gauges(
            "build_info",
            "Always 1; the version of frist is in the label",
            vec![(one("version", env!("CARGO_PKG_VERSION")), 1.0)],
        ),
        gauges(
            "up_seconds",
            "Since the daemon began to serve",
            vec![(vec![], pulse.began.elapsed().as_secs_f64())],
        ),
        counters(
            "ticks",
            "Looks at what is due, by how they ended",
            vec![(one("outcome", "good"), pulse.good), (one("outcome", "bad"), pulse.bad)],
        ),
        gauges(
            "seconds_since_good_tick",
            "Since the last tick that did all it had to, or since the start; over 180 the daemon is not well",
            vec![(vec![], pulse.silent_for().as_secs_f64())],
        ),
        counters(
            "notices",
            "Decisions, by the kind of step and by what became of them",
            notices.collect(),
        ),
        counters(
            "deliveries",
            "Attempts to deliver a message, by how they ended",
            deliveries.to_vec(),
        ),
        counters("faults", "Faults told to the owners", vec![(vec![], pulse.faults)]),
        gauges("plans", "Plans in force", vec![(vec![], count(pulse.plans.len()))]),
        gauges(
            "plan_days_left",
            "Days until the last day of a plan's period; negative when it is over",
            ends.collect(),
        ),
        gauges(
            "files_refused",
            "1 if edited files were refused, so that the files on the disk are not those in force",
            vec![(vec![], f64::from(u8::from(pulse.refused)))],
        ),
        gauges(
            "ledger_up",
            "1 if the ledger answers",
            vec![(vec![], f64::from(u8::from(outbox.is_some())))],
        ),
    ];
    if let Some(outbox) = outbox {
        let open = [
            MessageState::Queued,
            MessageState::Sending,
            MessageState::Retrying,
            MessageState::Uncertain,
            MessageState::Held,
        ];
        let depth = open.map(|state| {
            (
                one("state", state.word()),
                f64::from(outbox.depth.get(&state).copied().unwrap_or_default()),
            )
        });
        metrics.push(gauges(
            "messages",
            "Messages that are not settled, by their state",
            depth.to_vec(),
        ));
        metrics.push(gauges(
            "oldest_message_seconds",
            "Age of the oldest message that is to be sent; 0 if there is none",
            vec![(vec![], oldest)],
        ));
    }
    metrics
}

#[allow(clippy::cast_precision_loss, reason = "days and messages are few")]
fn whole(number: i64) -> f64 {
    number as f64
}

fn count(number: usize) -> f64 {
    whole(i64::try_from(number).unwrap_or(i64::MAX))
}

impl Collector for All {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for Metric { name, help, values } in &self.0 {
            let kind = match values {
                Values::Counters(_) => MetricType::Counter,
                Values::Gauges(_) => MetricType::Gauge,
            };
            let mut metric = encoder.encode_descriptor(name, help, None, kind)?;
            match values {
                Values::Counters(values) => {
                    for (labels, value) in values {
                        ConstCounter::new(*value).encode(metric.encode_family(labels)?)?;
                    }
                }
                Values::Gauges(values) => {
                    for (labels, value) in values {
                        ConstGauge::new(*value).encode(metric.encode_family(labels)?)?;
                    }
                }
            }
        }
        Ok(())
    }
}
