//! Tests of the MIME form: read back by another library, and golden where every byte counts.

use chrono::{DateTime, FixedOffset};
use mail_parser::{HeaderForm, MessageParser};

use super::mime;
use crate::mail::{Message, Sender};
use crate::plan::Language;

fn message() -> Message {
    Message {
        message_id: "0123456789abcdef@localhost".into(),
        plan: "oslo-2011".into(),
        plan_title: "Handlingsplan mot prostitusjon 2011-2013".into(),
        to: "bydel-grunerlokka".into(),
        to_name: "Bydel Grünerløkka".into(),
        address: "bydel@example.org".into(),
        language: Language::Bokmal,
        subject: "Påminnelse: oppsummering av tiltak 1a er forfalt".into(),
        text: "Hei Bydel Grünerløkka\n\n.\n.. og så\n".into(),
        html: "<!doctype html>\n<p lang=\"nb\">Hei Bydel Grünerløkka</p>\n".into(),
        thread: Some("fedcba@localhost".into()),
        deadlines: vec!["1a/summary".into(), "4e/meeting@2011-06-01".into()],
    }
}

fn written(message: &Message) -> String {
    let sender = Sender::parse("frist <frist@localhost>", Some("plan@example.org")).unwrap();
    let date = DateTime::parse_from_rfc3339("2011-04-01T08:00:00+02:00").unwrap();
    String::from_utf8(mime(message, &sender, date)).unwrap()
}

/// Returns the header lines, unfolded.
fn headers(mail: &str) -> Vec<String> {
    let (head, _) = mail.split_once("\r\n\r\n").unwrap();
    head.replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect()
}

#[test]
fn a_message_has_every_header_and_both_bodies() {
    insta::assert_snapshot!(written(&message()).replace("\r\n", "\n"), @r#"
From: frist <frist@localhost>
Reply-To: plan@example.org
To: =?utf-8?b?QnlkZWwgR3LDvG5lcmzDuGtrYQ==?= <bydel@example.org>
Subject: =?utf-8?b?UMOlbWlubmVsc2U6?= oppsummering av tiltak 1a er forfalt
Date: Fri, 1 Apr 2011 08:00:00 +0200
Message-ID: <0123456789abcdef@localhost>
In-Reply-To: <fedcba@localhost>
References: <fedcba@localhost>
Content-Language: nb
Auto-Submitted: auto-generated
List-Id: <oslo-2011.localhost>
X-Frist-Plan: oslo-2011
X-Frist-Deadlines: 1a/summary, 4e/meeting@2011-06-01
MIME-Version: 1.0
Content-Type: multipart/alternative;
 boundary="=_frist_eb48cef1e52e3f9c8f494557d61088bc"

--=_frist_eb48cef1e52e3f9c8f494557d61088bc
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Hei Bydel Gr=C3=BCnerl=C3=B8kka

.
.. og s=C3=A5

--=_frist_eb48cef1e52e3f9c8f494557d61088bc
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<!doctype html>
<p lang=3D"nb">Hei Bydel Gr=C3=BCnerl=C3=B8kka</p>

--=_frist_eb48cef1e52e3f9c8f494557d61088bc--
"#);
}

#[test]
fn the_same_message_is_the_same_bytes() {
    assert_eq!(written(&message()), written(&message()));
}

#[test]
fn another_library_reads_back_what_was_written() {
    let message = message();
    let mail = written(&message);
    let read = MessageParser::default().parse(&mail).unwrap();
    assert_eq!(read.subject(), Some(&*message.subject));
    assert_eq!(read.message_id(), Some(&*message.message_id));
    assert_eq!(read.in_reply_to().as_text(), message.thread.as_deref());
    assert_eq!(read.references().as_text(), message.thread.as_deref());
    let to = read.to().unwrap().first().unwrap();
    assert_eq!(to.name(), Some(&*message.to_name));
    assert_eq!(to.address(), Some(&*message.address));
    assert_eq!(read.from().unwrap().first().unwrap().address(), Some("frist@localhost"));
    assert_eq!(read.reply_to().unwrap().first().unwrap().address(), Some("plan@example.org"));
    assert_eq!(read.date().unwrap().to_rfc3339(), "2011-04-01T08:00:00+02:00");
    assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n"), message.text);
    assert_eq!(read.body_html(0).unwrap().replace("\r\n", "\n"), message.html);
}

#[test]
fn ids_of_any_script_and_number_come_back_whole() {
    let mut message = message();
    message.deadlines = (0..200)
        .map(|n| match n % 3 {
            0 => format!("tiltak-{n}/rapport-om-alt-som-ble-gjort"),
            1 => format!("мера-{n}/отчёт@2011-06-01"),
            _ => format!("{n}å/møte"),
        })
        .collect();
    let mail = written(&message);
    let read = MessageParser::default().parse(&mail).unwrap();
    let ids = read.header_as("X-Frist-Deadlines", HeaderForm::Text).remove(0);
    let ids: Vec<&str> = ids.as_text().unwrap().split(", ").collect();
    assert!(ids == message.deadlines, "{ids:?}");
    assert!(mail.lines().all(|line| line.len() <= 78), "a line is too long");
    assert!(mail.is_ascii());
}

#[test]
fn no_field_can_add_a_header_or_end_the_head() {
    for evil in [
        "x\r\nBcc: evil@example.org",
        "x\nBcc: evil@example.org",
        "x\rBcc: evil@example.org",
        "x\r\n\r\nBcc: evil@example.org\r\n\r\n",
        "x\0\u{1b}[31m\u{85}\u{2028}Bcc: evil@example.org",
        "\r\n\r\n.\r\nMAIL FROM:<evil@example.org>\r\n",
        ">\r\nBcc: evil@example.org",
        "\"\r\n\" <evil@example.org>, \"",
    ] {
        let good = headers(&written(&message())).len();
        let message = Message {
            message_id: evil.into(),
            plan: evil.into(),
            plan_title: evil.into(),
            to: evil.into(),
            to_name: evil.into(),
            subject: evil.into(),
            thread: Some(evil.into()),
            deadlines: vec![evil.into(), evil.into()],
            ..message()
        };
        let mail = written(&message);
        let headers = headers(&mail);
        assert_eq!(headers.len(), good, "{evil:?}: {headers:#?}");
        assert!(!headers.iter().any(|line| line.starts_with("Bcc")), "{headers:#?}");
        assert!(mail.bytes().all(|b| matches!(b, b'\r' | b'\n' | 32..127)), "{evil:?}: {mail}");
        let read = MessageParser::default().parse(&mail).unwrap();
        assert_eq!(read.to().unwrap().as_list().unwrap().len(), 1, "{mail}");
        assert_eq!(read.parts.len(), 3, "{mail}");
    }
}

#[test]
fn an_address_that_cannot_be_written_is_left_out() {
    let evil = Message { address: "a@b.no>\r\nBcc: <c@d.no".into(), ..message() };
    let headers = headers(&written(&evil));
    assert!(!headers.iter().any(|line| line.starts_with("To:") || line.starts_with("Bcc:")));
}

#[test]
fn every_line_ends_with_crlf_whatever_the_body_had() {
    let text = "one\ntwo\rthree\r\nfour\n.\nfive\n.\rsix\r\r\n.\r\n\n.\r\0\u{8}";
    let mail = written(&Message { text: text.into(), html: text.into(), ..message() });
    let bare = mail.replace("\r\n", "");
    assert!(!bare.contains(['\r', '\n', '\0']), "{mail:?}");
    let read = MessageParser::default().parse(&mail).unwrap();
    assert_eq!(
        read.body_text(0).unwrap(),
        "one\r\ntwo\r\nthree\r\nfour\r\n.\r\nfive\r\n.\r\nsix\r\n\r\n.\r\n\r\n.\r\n"
    );
}

#[test]
fn a_body_cannot_hold_the_boundary() {
    let mail = written(&message());
    let boundary = mail.split_once("boundary=\"").unwrap().1.split_once('"').unwrap().0;
    let text = format!("--{boundary}\r\nContent-Type: text/html\r\n\r\nevil\r\n--{boundary}--\r\n");
    let evil = written(&Message { text: text.clone(), ..message() });
    assert!(evil.contains(boundary));
    let read = MessageParser::default().parse(&evil).unwrap();
    assert_eq!(read.parts.len(), 3);
    assert_eq!(read.body_text(0).unwrap(), text);
}

#[test]
fn an_endless_word_is_cut_before_a_line_gets_too_long() {
    let long = "a".repeat(5000);
    let message = Message {
        subject: long.clone(),
        to_name: long.clone(),
        plan: long.as_str().into(),
        deadlines: vec![long],
        ..message()
    };
    let mail = written(&message);
    assert!(mail.lines().all(|line| line.len() <= 998));
}

#[test]
fn the_list_id_is_a_dot_atom_in_the_domain_of_the_sender() {
    let list_id = super::list_id;
    assert_eq!(list_id("oslo-2011", "example.org"), "<oslo-2011.example.org>");
    assert_eq!(list_id("a.b", "[127.0.0.1]"), "<a.b.127.0.0.1>");
    assert_eq!(list_id(".a..b c", "[IPv6:fe80::1]"), "<a.b-c-40dbf333.IPv6-fe80--1>");
    assert_ne!(list_id("å", "example.org"), list_id("ø", "example.org"));
}

#[test]
fn the_date_keeps_the_offset_it_was_written_with() {
    let sender = Sender::parse("frist@localhost", None).unwrap();
    let at = |text: &str| -> DateTime<FixedOffset> { text.parse().unwrap() };
    let dated = |date| {
        let mail = String::from_utf8(mime(&message(), &sender, date)).unwrap();
        headers(&mail).into_iter().find(|line| line.starts_with("Date:")).unwrap()
    };
    assert_eq!(dated(at("2011-12-24T08:00:00+01:00")), "Date: Sat, 24 Dec 2011 08:00:00 +0100");
    assert_eq!(dated(at("2011-04-01T06:00:00Z")), "Date: Fri, 1 Apr 2011 06:00:00 +0000");
}
