//! Stub.
use super::*;
use crate::calendar::Holidays;
use chrono::NaiveDate;
use serde_json::Value;
use std::sync::Arc;
/// Stub.
pub struct Reading {
    /// p
    pub plan: Option<super::Plan>,
    /// f
    pub findings: Vec<crate::finding::Finding>,
}
/// Stub.
pub fn read_bytes(b: &[u8], _n: &str) -> Reading {
    let v: Value = serde_json::from_slice(b).unwrap();
    let s = |v: &Value, k: &str| v[k].as_str().map(str::to_owned);
    let d = |v: &Value, k: &str| v[k].as_str().map(|t| date::parse_date(t).unwrap());
    let units: Vec<String> =
        v["units"].as_array().unwrap().iter().map(|u| s(u, "id").unwrap()).collect();
    let ix = |id: &str| UnitIx(index(units.iter().position(|u| u == id).unwrap()));
    let list = |v: &Value| {
        v.as_array().map(|l| l.iter().map(|u| ix(u.as_str().unwrap())).collect::<Vec<_>>())
    };
    let period = v["period"].as_object().map(|_| Period {
        from: d(&v["period"], "from").unwrap(),
        until: d(&v["period"], "until").unwrap(),
    });
    let mut plan = Plan {
        id: s(&v, "id").unwrap().into(),
        title: s(&v, "title").unwrap(),
        language: Language::Bokmal,
        zone: chrono_tz::Europe::Oslo,
        calendar: Calendar::new(Holidays::Norway, Default::default()),
        adopted: d(&v, "adopted"),
        period,
        owner: v["owner"].as_str().map(|o| ix(o)),
        units: v["units"]
            .as_array()
            .unwrap()
            .iter()
            .map(|u| Unit {
                id: s(u, "id").unwrap().into(),
                name: s(u, "name").unwrap(),
                email: s(u, "email"),
                language: s(u, "language").and_then(|l| Language::from_code(&l)),
                leader: u["leader"].as_str().map(|o| ix(o)),
                members: list(&u["members"]).unwrap_or_default(),
            })
            .collect(),
        goals: vec![],
        measures: vec![],
        deadlines: vec![],
    };
    for g in v["goals"].as_array().unwrap() {
        plan.goals.push(Goal { id: s(g, "id").unwrap().into(), title: s(g, "title").unwrap() });
        for m in g["measures"].as_array().unwrap() {
            let start = index(plan.deadlines.len());
            let responsible = list(&m["responsible"]).unwrap_or_default();
            let helpers = list(&m["helpers"]).unwrap_or_default();
            let mid = s(m, "id").unwrap();
            for x in m["deadlines"].as_array().unwrap_or(&vec![]) {
                let due = if let Some(e) = x["every"].as_str() {
                    Due::Every {
                        every: date::parse_every(e).unwrap(),
                        from: d(x, "from").unwrap(),
                        until: d(x, "until").or(period.map(|p| p.until)).unwrap(),
                    }
                } else {
                    d(x, "due").map_or(Due::None, |date| Due::On(DueDate { date, time: None }))
                };
                plan.deadlines.push(Deadline {
                    id: format!("{mid}/{}", s(x, "id").unwrap()).into(),
                    measure: MeasureIx(index(plan.measures.len())),
                    kind: s(x, "kind").unwrap().into(),
                    title: s(x, "title"),
                    due,
                    decided_as: s(x, "decided_as"),
                    recipient: s(x, "recipient"),
                    start: None,
                    waits_for: vec![],
                    responsible: responsible.clone(),
                    helpers: helpers.clone(),
                    tags: vec![],
                    data: None,
                    delivered: d(x, "delivered"),
                });
            }
            plan.measures.push(Measure {
                id: mid.into(),
                goal: GoalIx(index(plan.goals.len() - 1)),
                title: s(m, "title").unwrap(),
                about: String::new(),
                responsible,
                helpers,
                tags: vec![],
                data: None,
                runs: m["runs"].as_str().and(period),
                deadlines: start..index(plan.deadlines.len()),
            });
        }
    }
    Reading { plan: Some(plan), findings: vec![] }
}
fn _x() -> Option<Arc<NaiveDate>> {
    None
}
