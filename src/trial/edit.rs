//! Edits of a plan's file that a scenario makes: as its owner would make them, in the file and not in the values read from it.
//! What a plan's file looks like is in `plan::json`.

use serde_json::{Value, json};

use crate::plan::Plan;
use crate::rules::scenario::What;

/// Why an edit is not possible: a name that is not there, or words.
pub(super) type Impossible = (Option<String>, String);

/// Tells whether something that happens changes the plan.
pub(super) fn is_edit(what: &What) -> bool {
    !matches!(what, What::Answered(..) | What::DownUntil(_))
}

/// Gives a small plan what it does not say itself, as the project's plan has it.
pub(super) fn complete(file: &mut Value, like: Option<&Plan>) {
    let Some(file) = file.as_object_mut() else { return };
    let mut default = |name: &str, value: Value| {
        file.entry(name).or_insert(value);
    };
    default("id", json!("test"));
    default("title", json!("Test"));
    if let Some(plan) = like {
        default("language", json!(plan.language.code()));
        default("zone", json!(plan.zone.name()));
    }
}

/// Makes an edit.
pub(super) fn edit(file: &mut Value, what: &What) -> Result<(), Impossible> {
    match what {
        What::Moved(deadline, due) => {
            let entry = deadlines_of(file, deadline)
                .and_then(|(list, place)| list.get_mut(place))
                .ok_or_else(|| missing(deadline))?;
            if entry.get("every").is_some() {
                let words = format!("`{deadline}` recurs, so it has no due date to move");
                return Err((None, words));
            }
            entry["due"] = json!(due);
        }
        What::Removed(deadline) => {
            let (list, place) = deadlines_of(file, deadline).ok_or_else(|| missing(deadline))?;
            list.remove(place);
        }
        What::Added(measure, deadline) => {
            let measure = measures(file)
                .find(|entry| entry["id"] == **measure)
                .and_then(Value::as_object_mut)
                .ok_or_else(|| missing(measure))?;
            let list = measure.entry("deadlines").or_insert_with(|| json!([]));
            list.as_array_mut().ok_or_else(|| missing("deadlines"))?.push(deadline.clone());
        }
        What::Address(unit, address) => {
            let units = file["units"].as_array_mut().into_iter().flatten();
            let entry = units
                .into_iter()
                .find(|entry| entry["id"] == **unit)
                .and_then(Value::as_object_mut)
                .ok_or_else(|| missing(unit))?;
            match address {
                Some(address) => entry.insert("email".to_owned(), json!(address)),
                None => entry.remove("email"),
            };
        }
        What::PlanIs(plan) => {
            let mut plan = plan.clone();
            for name in ["id", "title", "language", "zone", "holidays"] {
                if plan.get(name).is_none() && file.get(name).is_some() {
                    plan[name] = file[name].clone();
                }
            }
            *file = plan;
        }
        What::Answered(..) | What::DownUntil(_) => {}
    }
    Ok(())
}

fn missing(name: &str) -> Impossible {
    (Some(name.to_owned()), String::new())
}

fn measures(file: &mut Value) -> impl Iterator<Item = &mut Value> {
    let goals = file["goals"].as_array_mut().into_iter().flatten();
    goals.flat_map(|goal| goal["measures"].as_array_mut().into_iter().flatten())
}

/// Returns the list in which a deadline stands, and its place there.
fn deadlines_of<'a>(file: &'a mut Value, id: &str) -> Option<(&'a mut Vec<Value>, usize)> {
    let (measure, deadline) = id.split_once('/')?;
    let measure = measures(file).find(|entry| entry["id"] == *measure)?;
    let list = measure["deadlines"].as_array_mut()?;
    let place = list.iter().position(|entry| entry["id"] == *deadline)?;
    Some((list, place))
}
