//! Names and titles that try to do harm: none gets out of its place in subject, text or HTML.

use frist::mail::letter::{Item, Said};
use frist::mail::{Rendered, render};
use frist::plan::Language;

use super::letters::{Deadline, botilbud, date, fault, gap, letter, on, overview, weekly};

/// Line breaks, a header, HTML, a template, a direction override, control characters, and a very long word.
fn nasty() -> String {
    let word = "æ".repeat(300);
    format!(
        "Pro\r\nBcc: all@example.org\n\n<script>alert(1)</script>\" onload=\"x\" '&amp; {{{{ 7 * 7 }}}} {{% raw %}} {{ $kind }} \u{202E}\u{2066}\u{0}\u{1b}[2J\u{85}\u{2028} {word}"
    )
}

fn everywhere() -> Deadline {
    let mut item = botilbud();
    let nasty = nasty();
    item.0.id.clone_from(&nasty);
    item.0.measure = nasty.as_str().into();
    item.0.measure_title.clone_from(&nasty);
    item.0.kind = nasty.as_str().into();
    item.0.title = Some(nasty.clone());
    item.0.decided_as = Some(nasty.clone());
    item.0.rule = nasty.as_str().into();
    item.0.rule_about = Some(nasty.clone());
    item.0.responsible = vec![nasty.clone(), nasty.clone()];
    item.0.helpers = vec![nasty.clone()];
    item.0.deliver_to = Some(nasty.clone());
    item.0.waits_for = vec![(nasty.as_str().into(), nasty.clone(), None)];
    item.0.last_answer = Some(Said { on: date(2011, 3, 1), says: "progress", text: nasty });
    item
}

fn rendered(item: Item) -> Rendered {
    let mut letter = letter(Language::Bokmal, vec![item]);
    letter.plan = nasty();
    letter.to = nasty();
    letter.owner = Some(nasty());
    render(&letter)
}

fn assert_harmless(rendered: &Rendered) {
    let Rendered { subject, text, html, .. } = rendered;
    assert!(!subject.chars().any(char::is_control), "{subject}");
    assert!(subject.chars().count() <= 150, "{subject}");
    for body in [subject, text, html] {
        assert!(
            !body.contains(['\u{202E}', '\u{2066}', '\u{0}', '\u{1b}', '\u{85}', '\u{2028}', '\r'])
        );
    }
    assert!(!html.contains("<script"), "{html}");
    assert!(!html.contains("\" onload"), "{html}");
    assert!(html.contains("&lt;script&gt;"), "{html}");
    // Neither the words nor the layout takes a name for a template.
    assert!(html.contains("{{ 7 * 7 }}") && text.contains("{{ 7 * 7 }}"));
}

fn assert_narrow(text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= 76, "{line}");
    }
}

#[test]
fn no_name_gets_out_of_its_place() {
    let deadline = rendered(everywhere().into());
    assert_harmless(&deadline);
    assert_narrow(&deadline.text);

    let mut measure = gap();
    measure.0.title = nasty();
    measure.0.goal = nasty();
    measure.0.undated = vec![nasty().as_str().into()];
    let measure = rendered(measure.into());
    assert_harmless(&measure);
    assert_narrow(&measure.text);

    let mut overview = overview();
    overview.overdue[0].title = nasty();
    overview.gaps[0].1 = nasty();
    assert_harmless(&rendered(Item::Overview(Box::new(overview))));

    let mut fault = fault();
    fault.what = nasty();
    fault.message = nasty();
    assert_harmless(&rendered(Item::Fault(fault)));

    let mut weekly = weekly();
    weekly.gave_up = vec![nasty(); 3];
    assert_harmless(&rendered(Item::Weekly(Box::new(weekly))));
}

#[test]
fn a_rule_s_own_words_cannot_forge_anything_either() {
    let mut item = everywhere();
    item.0.subject = Some("{{ measure }}\nBcc: all@example.org {{ title }}".into());
    item.0.text = Some("<script>alert(1)</script> {{ title }} {{ title|safe }}".into());
    let rendered = rendered(item.into());
    assert!(rendered.faults.is_empty(), "{:?}", rendered.faults);
    assert!(!rendered.subject.contains('\n'));
    assert!(!rendered.html.contains("<script"));
    assert_narrow(&rendered.text);
}

#[test]
fn a_subject_is_cut_between_characters_and_keeps_its_count() {
    let mut item = botilbud();
    item.0.measure_title = "👩‍👩‍👧 ".repeat(200);
    let items: Vec<Item> = (0..12).map(|_| item.clone().into()).collect();
    let subject = render(&on(date(2011, 4, 1), "X", Language::Bokmal, items)).subject;
    assert!(subject.ends_with("…, oppsummering (+11 til)"), "{subject}");
    assert!(!subject.contains("\u{200D}…"), "{subject}");
}

#[test]
fn the_text_of_every_golden_letter_is_narrow() {
    for language in [Language::Bokmal, Language::Nynorsk, Language::English] {
        assert_narrow(&render(&letter(language, vec![botilbud().into(), gap().into()])).text);
        assert_narrow(&render(&letter(language, vec![Item::Overview(Box::new(overview()))])).text);
    }
}
