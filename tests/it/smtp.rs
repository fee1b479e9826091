//! Sending to a mail server: what arrives, and what each fault means for the message. How connections are kept is in
//! `connections`, that nothing goes out in the clear in `encryption`; the server is in `mail_server`.

mod connections;
mod encryption;

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use frist::mail::transport::smtp::{Smtp, SmtpOptions, Timeouts, Tls};
use frist::mail::{Delivery, Message, Sender, mime};
use frist::plan::Language;
use mail_parser::MessageParser;

use crate::mail_server::{Act, MailServer, Script, Stage};

/// Far longer than any time limit of these tests.
const FOREVER: Duration = Duration::from_secs(3600);

fn message(number: u32) -> Message {
    Message {
        message_id: format!("{number:032x}@localhost"),
        plan: "oslo-2011".into(),
        plan_title: "Handlingsplan mot prostitusjon".into(),
        to: "bydel-alna".into(),
        to_name: "Bydel Alna".into(),
        address: "bydel@example.org".into(),
        language: Language::Bokmal,
        subject: "Påminnelse: oppsummering".into(),
        text: format!("Hei Bydel Alna\n\nNr. {number}\n"),
        html: "<p>Hei Bydel Alna</p>\n".into(),
        thread: None,
        deadlines: vec!["1a/summary".into()],
    }
}

fn date() -> DateTime<FixedOffset> {
    "2011-04-01T08:00:00+02:00".parse().unwrap()
}

fn sender() -> Sender {
    Sender::parse("frist <frist@localhost>", None).unwrap()
}

fn options(server: &MailServer) -> SmtpOptions {
    SmtpOptions {
        host: "127.0.0.1".into(),
        port: server.port(),
        tls: Tls::None,
        timeouts: Timeouts {
            connect: Duration::from_secs(5),
            command: Duration::from_millis(400),
            content: Duration::from_millis(400),
            idle: Duration::from_secs(30),
        },
        ..SmtpOptions::default()
    }
}

fn smtp(server: &MailServer) -> Smtp {
    Smtp::open(options(server), sender()).unwrap()
}

/// Delivers one message to a server that follows `script`.
async fn once(script: Script) -> (Delivery, MailServer) {
    let server = MailServer::start(script).await;
    let delivery = smtp(&server).deliver(&message(1), date()).await;
    (delivery, server)
}

#[tokio::test]
async fn a_mail_arrives_byte_for_byte_and_the_answer_is_what_the_server_said() {
    let (delivery, server) = once(Script::new()).await;
    let Delivery::Sent(taken) = delivery else { panic!("{delivery:?}") };
    assert_eq!(taken.reply, "250 2.0.0 taken");
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].from, "frist@localhost");
    assert_eq!(mails[0].to, ["bydel@example.org"]);
    assert_eq!(
        String::from_utf8_lossy(&mails[0].raw),
        String::from_utf8_lossy(&mime(&message(1), &sender(), date()))
    );
    let read = MessageParser::default().parse(&mails[0].raw).unwrap();
    assert_eq!(read.subject(), Some("Påminnelse: oppsummering"));
}

#[tokio::test]
async fn every_fault_means_again_unless_it_is_about_this_mail_or_recipient() {
    use Act::{Drop, DropAfter, Late, Say, SayAndDrop};
    use Stage::{Data, Dot, Ehlo, Greeting, Mail, Rcpt};
    let again = [
        (Greeting, Say("421 4.3.2 later")),
        (Greeting, Say("554 5.7.1 no")),
        (Greeting, Drop),
        (Greeting, Late(FOREVER)),
        (Greeting, Say("HTTP/1.1 400 Bad Request")),
        (Ehlo, Say("451 4.3.0 later")),
        (Ehlo, Say("550 5.7.1 no")),
        (Ehlo, Drop),
        (Ehlo, Late(FOREVER)),
        (Mail, Say("451 4.3.0 later")),
        (Mail, Say("550 5.7.1 not from you")),
        (Mail, Say("530 5.7.0 log in first")),
        (Mail, SayAndDrop("421 4.3.2 bye")),
        (Mail, Drop),
        (Mail, DropAfter),
        (Mail, Late(FOREVER)),
        (Rcpt, Say("450 4.2.1 grey")),
        (Rcpt, Say("530 5.7.0 log in first")),
        (Rcpt, SayAndDrop("421 4.3.2 bye")),
        (Rcpt, Drop),
        (Rcpt, DropAfter),
        (Rcpt, Late(FOREVER)),
        (Data, Say("451 4.3.0 later")),
        (Data, Say("250 out of step")),
        (Data, Drop),
        (Data, DropAfter),
        (Data, Late(FOREVER)),
        (Dot, Say("452 4.3.1 full")),
        (Dot, Say("354 out of step")),
        (Dot, SayAndDrop("421 4.3.2 bye")),
    ];
    // One command after the other, and several at once.
    for server in [Script::new, || Script::new().pipelining()] {
        for (stage, act) in again {
            let (delivery, server) = once(server().always(stage, act)).await;
            let Delivery::Again(reason) = delivery else {
                panic!("{stage:?} {act:?}: {delivery:?}")
            };
            assert!(reason.len() > 10 && !reason.contains(char::is_control), "{reason}");
            assert!(server.mails().is_empty(), "{stage:?} {act:?}");
        }
        for stage in [Rcpt, Data, Dot] {
            let refused = server().always(stage, Say("550 5.1.1 no such"));
            let (delivery, server) = once(refused).await;
            let Delivery::GiveUp(reason) = delivery else { panic!("{stage:?}: {delivery:?}") };
            assert!(reason.ends_with("550 5.1.1 no such"), "{reason}");
            assert!(server.mails().is_empty());
        }
    }
    // The server has taken the mail and said so; that it hangs up afterwards does not matter.
    let (delivery, server) = once(Script::new().always(Dot, DropAfter)).await;
    assert!(matches!(delivery, Delivery::Sent(_)), "{delivery:?}");
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn without_an_answer_to_the_final_dot_nobody_knows_and_nothing_is_tried_at_once() {
    let cases =
        [(Act::Drop, 0), (Act::TakeAndDrop, 1), (Act::Late(FOREVER), 1), (Act::Say("what?"), 0)];
    for encrypted in [None, Some(Tls::Starttls), Some(Tls::Implicit)] {
        for (act, taken) in cases {
            let script = Script::new().always(Stage::Dot, act);
            let server = MailServer::start(match encrypted {
                None | Some(Tls::None) => script,
                Some(Tls::Starttls) => script.starttls(),
                Some(Tls::Implicit) => script.implicit_tls(),
            })
            .await;
            let smtp = match encrypted {
                None => smtp(&server),
                Some(tls) => {
                    let ca_file = Some(server.ca_file());
                    Smtp::open(SmtpOptions { tls, ca_file, ..options(&server) }, sender()).unwrap()
                }
            };
            let delivery = smtp.deliver(&message(1), date()).await;
            let Delivery::Uncertain(reason) = delivery else { panic!("{act:?}: {delivery:?}") };
            assert!(reason.starts_with("end of mail: "), "{reason}");
            assert_eq!((server.mails().len(), server.connections()), (taken, 1), "{act:?}");
        }
    }
}

#[tokio::test]
async fn a_mail_that_was_not_handed_over_whole_is_not_with_the_server() {
    // More than fits into the buffers between the two, and a server that hangs up in the middle of it.
    let long = Message { text: "a line of some length\n".repeat(2_000_000), ..message(1) };
    for act in [Act::Hang, Act::DropAfter] {
        let server = MailServer::start(Script::new().always(Stage::Data, act)).await;
        let delivery = smtp(&server).deliver(&long, date()).await;
        let Delivery::Again(reason) = delivery else { panic!("{act:?}: {delivery:?}") };
        assert!(reason.starts_with("mail: "), "{reason}");
    }
}

#[tokio::test]
async fn a_reason_names_the_stage_and_what_the_server_said() {
    let reason = async |script| match once(script).await.0 {
        Delivery::Again(reason) | Delivery::GiveUp(reason) | Delivery::Uncertain(reason) => reason,
        Delivery::Sent(taken) => taken.reply,
        Delivery::NotBegun => panic!("the way out was not closed"),
    };
    let say = |stage, text| Script::new().always(stage, Act::Say(text));
    insta::assert_snapshot!(reason(say(Stage::Rcpt, "550 5.1.1 no such user")).await, @"RCPT TO: 550 5.1.1 no such user");
    insta::assert_snapshot!(reason(say(Stage::Rcpt, "450-grey\r\n450 \x1b[31mlisted")).await, @"RCPT TO: 450 grey [31mlisted");
    insta::assert_snapshot!(reason(say(Stage::Greeting, "554 no")).await, @"greeting: 554 no");
    insta::assert_snapshot!(reason(say(Stage::Data, "250 what")).await, @"DATA: the server is out of step: 250 what");
    insta::assert_snapshot!(reason(Script::new().always(Stage::Mail, Act::Drop)).await, @"MAIL FROM: the conversation broke off: response error: incomplete response");
    insta::assert_snapshot!(reason(Script::new().always(Stage::Dot, Act::Late(FOREVER))).await, @"end of mail: no answer within 400ms");
}

#[tokio::test]
async fn a_server_that_is_not_there_means_again() {
    let server = MailServer::start(Script::new()).await;
    let (gone, unknown) =
        (options(&server), SmtpOptions { host: "mail.invalid".into(), ..options(&server) });
    drop(server);
    tokio::time::sleep(Duration::from_millis(50)).await;
    for options in [gone, unknown] {
        let delivery = Smtp::open(options, sender()).unwrap().deliver(&message(1), date()).await;
        assert!(matches!(delivery, Delivery::Again(_)), "{delivery:?}");
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_written_to_is_given_up_without_a_word_to_the_server() {
    let server = MailServer::start(Script::new()).await;
    let smtp = smtp(&server);
    for address in
        ["", "nobody", "a@b@c", "a@b.no>\r\nRCPT TO:<c@d.no", "a b@c.no", "a@b.no, c@d.no"]
    {
        let message = Message { address: address.into(), ..message(1) };
        let delivery = smtp.deliver(&message, date()).await;
        assert!(matches!(delivery, Delivery::GiveUp(_)), "{address:?}: {delivery:?}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn an_address_beyond_ascii_needs_a_server_that_takes_it() {
    let foreign = Message { address: "plån@bærum.no".into(), ..message(1) };
    let server = MailServer::start(Script::new()).await;
    let delivery = smtp(&server).deliver(&foreign, date()).await;
    assert!(matches!(delivery, Delivery::GiveUp(_)), "{delivery:?}");
    let server = MailServer::start(Script::new().smtputf8()).await;
    let delivery = smtp(&server).deliver(&foreign, date()).await;
    assert!(matches!(delivery, Delivery::Sent(_)), "{delivery:?}");
    assert_eq!(server.mails()[0].to, ["plån@xn--brum-voa.no"]);
    assert_eq!(server.count("MAIL FROM:<frist@localhost> SMTPUTF8 BODY=8BITMIME"), 1);
    // An international domain alone needs nothing of the server.
    let domain = Message { address: "plan@bærum.no".into(), ..message(1) };
    let server = MailServer::start(Script::new()).await;
    let delivery = smtp(&server).deliver(&domain, date()).await;
    assert!(matches!(delivery, Delivery::Sent(_)), "{delivery:?}");
}

#[tokio::test]
async fn dots_and_bare_line_ends_in_a_body_end_no_mail() {
    let evil = "MAIL FROM:<evil@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nevil\r\n.\r\n";
    let server = MailServer::start(Script::new()).await;
    let smtp = smtp(&server);
    for end in ["\n.\n", "\r\n.\r\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\n.\r"]
    {
        let text = format!("before{end}{evil}after\n..\n...\n.");
        let message = Message { text: text.clone(), html: text, ..message(1) };
        let before = server.mails().len();
        let delivery = smtp.deliver(&message, date()).await;
        assert!(matches!(delivery, Delivery::Sent(_)), "{delivery:?}");
        let mails = server.mails();
        assert_eq!(mails.len(), before + 1, "{end:?} ended the mail");
        let raw = &mails[before].raw;
        assert!(*raw == mime(&message, &sender(), date()), "{end:?} changed the mail");
        let bare = String::from_utf8_lossy(raw).replace("\r\n", "");
        assert!(!bare.contains(['\r', '\n']), "{end:?} left a bare line end");
    }
    assert_eq!(server.connections(), 1);
}
