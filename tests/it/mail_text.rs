//! What mails say: golden letters in three languages, and names that try to do harm.
//! The letters themselves are made up in `letters`.

mod hostile;
mod letters;

use frist::calendar::FreeDay;
use frist::mail::letter::{Announced, Item, Said};
use frist::mail::render::{Part, TemplateProblem};
use frist::mail::{Letter, Rendered, render};
use frist::notice::{Event, Kind, Role, Why};
use frist::plan::Language;
use insta::assert_snapshot;

use letters::{
    botilbud, date, days, fault, gap, letter, on, overdue, overview, running, stale, state_talks,
    weekly,
};

/// Subject and text, as they stand in a mail program that shows no HTML.
fn mail(letter: &Letter) -> String {
    let Rendered { subject, text, faults, .. } = render(letter);
    assert!(faults.is_empty(), "{faults:?}");
    format!("Subject: {subject}\n\n{text}")
}

#[test]
fn a_reminder_in_bokmal() {
    assert_snapshot!(mail(&letter(Language::Bokmal, vec![botilbud().into()])));
}

#[test]
fn a_reminder_in_nynorsk() {
    assert_snapshot!(mail(&letter(Language::Nynorsk, vec![botilbud().into()])));
}

#[test]
fn a_reminder_in_english() {
    assert_snapshot!(mail(&letter(Language::English, vec![botilbud().into()])));
}

#[test]
fn a_reminder_in_html() {
    assert_snapshot!(render(&letter(Language::Bokmal, vec![botilbud().into()])).html);
}

#[test]
fn a_reminder_that_is_late_says_so() {
    let mut item = botilbud();
    item.0.late_since = Some(date(2011, 3, 29));
    assert_snapshot!(mail(&letter(Language::Bokmal, vec![item.into()])));
}

#[test]
fn an_escalation_to_the_owner() {
    let letter = on(date(2011, 5, 5), "Byrådsavdelingen", Language::Bokmal, vec![overdue().into()]);
    assert_snapshot!(mail(&letter));
}

#[test]
fn several_deadlines_in_one_mail() {
    let mut overdue = overdue();
    overdue.0.role = Role::Lead;
    overdue.0.step = Kind::Remind;
    let mut coming = state_talks();
    coming.0.days_left = Some(27);
    let items = vec![overdue.into(), coming.into(), running().into()];
    for language in [Language::Bokmal, Language::Nynorsk] {
        let letter = on(date(2011, 5, 5), "Bydel Grünerløkka", language, items.clone());
        assert_snapshot!(format!("several_{}", language.code()), mail(&letter));
    }
}

#[test]
fn gaps_and_a_progress_report() {
    let items = vec![gap().into(), running().into()];
    assert_snapshot!(
        "gaps",
        mail(&on(date(2011, 3, 1), "Byrådsavdelingen", Language::Bokmal, items))
    );
    let items = vec![running().into()];
    assert_snapshot!(
        "progress",
        mail(&on(date(2011, 3, 1), "Pro Sentret", Language::Nynorsk, items))
    );
}

#[test]
fn an_overview_of_the_plan() {
    for language in [Language::Bokmal, Language::Nynorsk, Language::English] {
        let items = vec![Item::Overview(Box::new(overview()))];
        let letter = on(date(2011, 5, 5), "Byrådsavdelingen", language, items);
        assert_snapshot!(format!("overview_{}", language.code()), mail(&letter));
    }
}

#[test]
fn the_weekly_report_has_four_lines_in_every_language() {
    for language in [Language::Bokmal, Language::Nynorsk, Language::English] {
        let mut quiet = weekly();
        (quiet.sent, quiet.waiting, quiet.held, quiet.coming) = (0, 0, 0, 0);
        quiet.gave_up.clear();
        let mut one = weekly();
        (one.sent, one.waiting, one.held, one.coming) = (1, 2, 1, 1);
        one.gave_up.truncate(1);
        let mails = [weekly(), quiet, one].map(|report| {
            let items = vec![Item::Weekly(Box::new(report))];
            mail(&on(date(2011, 4, 4), "Byrådsavdelingen", language, items))
        });
        assert_snapshot!(format!("weekly_{}", language.code()), mails.join("\n"));
    }
}

#[test]
fn a_forgotten_plan_is_told_in_every_language() {
    for language in [Language::Bokmal, Language::Nynorsk, Language::English] {
        let mails = [true, false].map(|ended| {
            let items = vec![Item::Stale(Box::new(stale(ended)))];
            mail(&on(date(2011, 4, 4), "Byrådsavdelingen", language, items))
        });
        assert_snapshot!(format!("stale_{}", language.code()), mails.join("\n"));
    }
}

#[test]
fn a_fault_is_told_word_for_word() {
    let letter =
        on(date(2011, 5, 5), "Byrådsavdelingen", Language::Bokmal, vec![Item::Fault(fault())]);
    assert_snapshot!(mail(&letter));
}

#[test]
fn a_deadline_that_waits_and_was_answered_and_was_decided_in_words() {
    let mut item = state_talks();
    item.0.decided_as = Some("fra skoleåret 2011".into());
    item.0.waits_for = vec![("4b".into(), "Kartlegging".into(), None)];
    item.0.last_answer = Some(Said {
        on: date(2011, 3, 20),
        says: "progress",
        text: "Vi er i gang,\nog trenger to uker til".into(),
    });
    item.0.free = Some((FreeDay::Holiday("Ascension Day"), date(2011, 6, 1)));
    item.0.next = Some(Announced {
        on: date(2011, 6, 3),
        kind: Kind::Escalate,
        to: vec!["Byrådet".into(), "Helse- og sosialkomiteen".into()],
    });
    assert_snapshot!(mail(&letter(Language::Nynorsk, vec![item.into()])));
}

/// The subject of a letter with one deadline, changed.
fn subject(change: impl Fn(&mut letters::Deadline)) -> [String; 3] {
    [Language::Bokmal, Language::Nynorsk, Language::English].map(|language| {
        let mut item = botilbud();
        change(&mut item);
        render(&letter(language, vec![item.into()])).subject
    })
}

#[test]
fn subjects_say_the_essential() {
    let table = [
        subject(|_| {}),
        subject(|item| item.0.step = Kind::Escalate),
        subject(|item| item.0.step = Kind::Notify),
        subject(|item| item.0.days_left = Some(0)),
        subject(|item| item.0.days_left = Some(-3)),
        subject(|item| {
            item.0.days_left = Some(-3);
            item.0.step = Kind::Escalate;
        }),
        subject(|item| item.0.why = Why::On(Event::Moved)),
        subject(|item| item.0.why = Why::On(Event::Asked)),
        subject(|item| item.0.delivered = Some(date(2011, 3, 30))),
        subject(|item| item.0.due = letters::due(date(2012, 6, 1))),
        subject(|item| {
            item.0.due = None;
            item.0.days_left = None;
        }),
        subject(|item| item.0.kind = "høring".into()),
    ];
    let table: Vec<String> = table.iter().map(|row| row.join("\n")).collect();
    assert_snapshot!(table.join("\n\n"));
}

#[test]
fn every_role_and_kind_of_step_has_words_in_every_language() {
    let roles = [
        Role::Responsible,
        Role::Lead,
        Role::Helpers,
        Role::Owner,
        Role::Leader,
        Role::Blocker,
        Role::Dependents,
        Role::Unit("pion".into()),
    ];
    let mut said = String::new();
    for language in [Language::Bokmal, Language::Nynorsk, Language::English] {
        for role in &roles {
            for step in [Kind::Remind, Kind::Escalate, Kind::Notify] {
                for left in [None, Some(-1), Some(0), Some(1), Some(2)] {
                    let mut item = botilbud();
                    item.0.role = role.clone();
                    item.0.step = step;
                    item.0.due = item.0.due.filter(|_| left.is_some());
                    item.0.days_left = left;
                    let letter = on(date(2011, 4, 1), "Nokon", language, vec![item.into()]);
                    let rendered = render(&letter);
                    assert!(rendered.html.contains("</html>"));
                    let ask = rendered.text.split("\n\n").nth(3).unwrap().replace('\n', " ");
                    if !said.contains(&ask) {
                        said.push_str(&ask);
                        said.push('\n');
                    }
                }
            }
        }
    }
    assert_snapshot!(said);
}

#[test]
fn a_rule_s_own_words_stand_in_the_mail_and_the_facts_stay() {
    let mut item = botilbud();
    item.0.subject = Some("{{ kind }} til {{ deliver_to }} {{ due_date }}".into());
    item.0.text =
        Some("Hei {{ recipient }},\nhusk {{ measure }}.\n\nOm {{ days_left }} dager.".into());
    assert_snapshot!(mail(&letter(Language::Bokmal, vec![item.into()])));
}

#[test]
fn a_rule_s_own_words_that_fail_give_way_to_the_built_in_ones_and_are_told() {
    let mut item = botilbud();
    let plain = render(&letter(Language::Bokmal, vec![item.clone().into()]));
    item.0.subject = Some("{{ mesure }}".into());
    item.0.text = Some("Takk til\n{{ helpers }}".into());
    item.0.helpers.clear();
    let mut expected = botilbud();
    expected.0.helpers.clear();
    let expected = render(&letter(Language::Bokmal, vec![expected.into()]));
    let rendered = render(&letter(Language::Bokmal, vec![item.into()]));
    assert_eq!(rendered.subject, plain.subject);
    assert_eq!(rendered.text, expected.text);
    let faults: Vec<String> = rendered.faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        [
            "rule `deadline`: subject, line 1: there is no variable `mesure`; did you mean `measure`?",
            "rule `deadline`: text, line 2: `helpers` has no value here; ask with `{% if helpers %}` first",
        ]
    );
    assert_eq!(rendered.faults[1].of, Some(("deadline".into(), Part::Text)));
    assert!(matches!(rendered.faults[0].problem, TemplateProblem::UnknownVariable { .. }));
}

#[test]
fn a_step_repeated_by_working_days_says_so() {
    let mut item = botilbud();
    item.0.why = days(-10, true);
    let text = render(&letter(Language::Bokmal, vec![item.into()])).text;
    assert!(text.replace("\n  ", " ").contains("10 arbeidsdager før fristen"), "{text}");
}
