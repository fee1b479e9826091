//! `frist done`, `progress`, `extend`: enters an answer on a unit's behalf.
//! What an answer does to reminders is decided in `state` and `schedule`.

use chrono::NaiveDate;

use super::{Answer, Context};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, args, talk};
use crate::history::{self, Says};
use crate::store::Store;

/// Enters that something was delivered, today if no date is given.
pub(super) async fn done(
    context: &Context,
    answer: &args::Answer,
    on: Option<NaiveDate>,
) -> Answer<Exit> {
    let (plan, ..) = context.deadline(&answer.deadline)?;
    let today = context.now().with_timezone(&plan.zone).date_naive();
    let on = on.unwrap_or(today);
    if on > today {
        return Err(Trouble::usage(
            format!("{on} lies ahead, and what is not there yet is not delivered"),
            Some(format!("today is {today}")),
        ));
    }
    enter(context, answer, Says::Delivered(on), &format!("delivered on {on}")).await
}

/// Enters that the work goes on.
pub(super) async fn progress(
    context: &Context,
    answer: &args::Answer,
    silent_until: Option<NaiveDate>,
) -> Answer<Exit> {
    let words = match silent_until {
        Some(date) => format!("progress, no reminders before {date}"),
        None => "progress".to_owned(),
    };
    enter(context, answer, Says::Progress { silent_until }, &words).await
}

/// Enters that a unit asks for a new date.
pub(super) async fn extend(
    context: &Context,
    answer: &args::Answer,
    to: NaiveDate,
) -> Answer<Exit> {
    enter(context, answer, Says::Asked(to), &format!("asks for {to}")).await
}

async fn enter(context: &Context, answer: &args::Answer, says: Says, words: &str) -> Answer<Exit> {
    let (plan, ix, occurrence) = context.deadline(&answer.deadline)?;
    let unit = answer.unit.as_deref().map(|id| Context::unit(plan, id)).transpose()?;
    let entry = history::Answer {
        at: context.now(),
        occurrence,
        unit: unit.map(|ix| plan.unit(ix).id.clone()),
        says,
        text: answer.text.clone(),
    };
    let store = Store::open(&context.config.store.url, &context.config.folder).await?;
    store.answer(&plan.id, &plan.deadline(ix).id, &entry).await?;
    store.close().await;
    talk(&format!("{}: {words}", answer.deadline));
    Ok(Exit::Fine)
}
