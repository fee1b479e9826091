//! Sending to a mail server: what each fault means for the message, how connections are kept, and that nothing goes
//! out in the clear. The server is in `mail_server`.

use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset};
use frist::mail::transport::smtp::{Smtp, SmtpError, SmtpOptions, Timeouts, Tls};
use frist::mail::{Delivery, Message, Sender, mime};
use frist::plan::Language;
use mail_parser::MessageParser;

use crate::mail_server::{Act, MailServer, Script, Stage};

/// Far longer than any time limit of these tests.
const FOREVER: Duration = Duration::from_secs(3600);

fn message(number: usize) -> Message {
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
    assert_eq!(delivery, Delivery::Sent("250 2.0.0 taken".into()));
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
    use Act::{Drop, DropAfter, Late, Say, SayAndDrop, TakeAndDrop};
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
        (Dot, Drop),
        (Dot, TakeAndDrop),
        (Dot, Late(FOREVER)),
    ];
    for (stage, act) in again {
        let (delivery, server) = once(Script::new().always(stage, act)).await;
        let Delivery::Again(reason) = delivery else { panic!("{stage:?} {act:?}: {delivery:?}") };
        assert!(reason.len() > 10 && !reason.contains(char::is_control), "{reason}");
        let taken = matches!((stage, act), (Dot, TakeAndDrop | Late(_)));
        assert_eq!(server.mails().len(), usize::from(taken), "{stage:?} {act:?}");
    }
    for stage in [Rcpt, Data, Dot] {
        let (delivery, server) = once(Script::new().always(stage, Say("550 5.1.1 no such"))).await;
        let Delivery::GiveUp(reason) = delivery else { panic!("{stage:?}: {delivery:?}") };
        assert!(reason.ends_with("550 5.1.1 no such"), "{reason}");
        assert!(server.mails().is_empty());
    }
    // The server has taken the mail and said so; that it hangs up afterwards does not matter.
    let (delivery, server) = once(Script::new().always(Dot, DropAfter)).await;
    assert!(matches!(delivery, Delivery::Sent(_)), "{delivery:?}");
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn a_reason_names_the_stage_and_what_the_server_said() {
    let reason = async |script| match once(script).await.0 {
        Delivery::Again(reason) | Delivery::GiveUp(reason) | Delivery::Sent(reason) => reason,
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

#[tokio::test]
async fn one_connection_carries_many_mails() {
    let server = MailServer::start(Script::new()).await;
    let smtp = smtp(&server);
    for number in 0..10 {
        smtp.deliver(&message(number), date()).await;
    }
    assert_eq!((server.mails().len(), server.connections(), server.count("EHLO")), (10, 1, 1));
    assert!(server.mails().iter().all(|mail| mail.connection == 0));
    smtp.close().await;
    server.until(|server| server.open() == 0).await;
    assert_eq!(server.count("QUIT"), 1);
    // A closed transport connects anew.
    assert!(matches!(smtp.deliver(&message(11), date()).await, Delivery::Sent(_)));
    assert_eq!(server.connections(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_connections_are_open_than_allowed() {
    let slow = Act::Late(Duration::from_millis(20));
    let server = MailServer::start(Script::new().always(Stage::Rcpt, slow)).await;
    let options = SmtpOptions { connections: 3, ..options(&server) };
    let smtp = std::sync::Arc::new(Smtp::open(options, sender()).unwrap());
    let tasks = (0..30).map(|number| {
        let smtp = std::sync::Arc::clone(&smtp);
        tokio::spawn(async move { smtp.deliver(&message(number), date()).await })
    });
    for task in tasks.collect::<Vec<_>>() {
        assert!(matches!(task.await.unwrap(), Delivery::Sent(_)));
    }
    assert_eq!((server.mails().len(), server.most_open(), server.connections()), (30, 3, 3));
}

#[tokio::test]
async fn a_dead_kept_connection_is_replaced_once() {
    for act in [Act::Drop, Act::SayAndDrop("421 4.4.2 too long"), Act::Late(FOREVER)] {
        // The second mail finds the kept connection dead, gets a fresh one, and arrives.
        let script = Script::new().once_on(0, Stage::Dot, Act::Late(Duration::ZERO));
        let script = script.once_on(0, Stage::Mail, Act::Late(Duration::ZERO));
        let server = MailServer::start(script.once_on(0, Stage::Mail, act)).await;
        let smtp = smtp(&server);
        for number in 0..2 {
            let delivery = smtp.deliver(&message(number), date()).await;
            assert!(matches!(delivery, Delivery::Sent(_)), "{act:?}: {delivery:?}");
        }
        assert_eq!((server.mails().len(), server.connections()), (2, 2), "{act:?}");
    }
    // Closed by the server right after the first mail.
    let server = MailServer::start(Script::new().once(Stage::Dot, Act::DropAfter)).await;
    let smtp = smtp(&server);
    for number in 0..2 {
        assert!(matches!(smtp.deliver(&message(number), date()).await, Delivery::Sent(_)));
        server.until(|server| server.open() == usize::from(number == 1)).await;
    }
    assert_eq!((server.mails().len(), server.connections()), (2, 2));
}

#[tokio::test]
async fn a_connection_that_dies_after_mail_from_is_not_tried_again_at_once() {
    // What the server did with the first attempt is unknown; when to repeat it is the outbox's business.
    let script = Script::new().once_on(0, Stage::Dot, Act::Late(Duration::ZERO));
    let server = MailServer::start(script.once_on(0, Stage::Dot, Act::TakeAndDrop)).await;
    let smtp = smtp(&server);
    assert!(matches!(smtp.deliver(&message(1), date()).await, Delivery::Sent(_)));
    assert!(matches!(smtp.deliver(&message(2), date()).await, Delivery::Again(_)));
    assert_eq!((server.mails().len(), server.connections()), (2, 1));
}

#[tokio::test]
async fn a_dead_server_is_not_tried_for_ever() {
    let script = Script::new().once(Stage::Mail, Act::Late(Duration::ZERO));
    let server = MailServer::start(script.always(Stage::Mail, Act::Drop)).await;
    let smtp = smtp(&server);
    assert!(matches!(smtp.deliver(&message(1), date()).await, Delivery::Sent(_)));
    assert!(matches!(smtp.deliver(&message(2), date()).await, Delivery::Again(_)));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_connection_that_has_waited_too_long_is_not_used() {
    let server = MailServer::start(Script::new()).await;
    let mut options = options(&server);
    options.timeouts.idle = Duration::from_millis(30);
    let smtp = Smtp::open(options, sender()).unwrap();
    smtp.deliver(&message(1), date()).await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    smtp.deliver(&message(2), date()).await;
    assert_eq!((server.mails().len(), server.connections()), (2, 2));
}

#[tokio::test]
async fn a_refused_mail_leaves_the_connection_usable() {
    let refused = Act::Say("550 5.1.1 no such user");
    for stage in [Stage::Mail, Stage::Rcpt, Stage::Data, Stage::Dot] {
        let server = MailServer::start(Script::new().once(stage, refused)).await;
        let smtp = smtp(&server);
        assert!(!matches!(smtp.deliver(&message(1), date()).await, Delivery::Sent(_)));
        assert!(matches!(smtp.deliver(&message(2), date()).await, Delivery::Sent(_)));
        assert_eq!((server.count("RSET"), server.connections()), (1, 1), "{stage:?}");
    }
    // A server that does not even reset is left.
    let script = Script::new().once(Stage::Rcpt, refused).once(Stage::Rset, Act::Drop);
    let server = MailServer::start(script).await;
    let smtp = smtp(&server);
    assert!(matches!(smtp.deliver(&message(1), date()).await, Delivery::GiveUp(_)));
    assert!(matches!(smtp.deliver(&message(2), date()).await, Delivery::Sent(_)));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_delivery_that_nobody_waits_for_leaves_no_connection_behind() {
    let script = Script::new().once(Stage::Rcpt, Act::Late(Duration::from_millis(200)));
    let server = MailServer::start(script).await;
    let smtp = smtp(&server);
    let stopped = tokio::time::timeout(Duration::from_millis(50), async {
        smtp.deliver(&message(1), date()).await
    });
    assert!(stopped.await.is_err());
    assert!(matches!(smtp.deliver(&message(2), date()).await, Delivery::Sent(_)));
    assert_eq!((server.mails().len(), server.connections()), (1, 2));
    let sent = server.commands().into_iter().find(|said| said.line == "DATA").unwrap();
    assert_eq!(sent.connection, 1);
}

#[tokio::test]
async fn tls_protects_every_command_and_mail() {
    for (script, tls) in
        [(Script::new().starttls(), Tls::Starttls), (Script::new().implicit_tls(), Tls::Implicit)]
    {
        let server = MailServer::start(script.login("frist", "hemmelig")).await;
        let options = SmtpOptions {
            tls,
            ca_file: Some(server.ca_file()),
            username: Some("frist".into()),
            password: Some("hemmelig".to_owned().into()),
            ..options(&server)
        };
        let smtp = Smtp::open(options, sender()).unwrap();
        for number in 0..3 {
            let delivery = smtp.deliver(&message(number), date()).await;
            assert!(matches!(delivery, Delivery::Sent(_)), "{tls:?}: {delivery:?}");
        }
        assert_eq!((server.mails().len(), server.connections(), server.count("AUTH")), (3, 1, 1));
        let clear: Vec<_> = server.commands().into_iter().filter(|said| !said.encrypted).collect();
        assert!(
            clear.iter().all(|said| ["EHLO [127.0.0.1]", "STARTTLS"].contains(&&*said.line)),
            "{clear:?}"
        );
    }
}

#[tokio::test]
async fn nothing_is_sent_in_the_clear_when_encryption_fails() {
    let login = |script: Script| script.login("frist", "hemmelig");
    let cases = [
        ("stripped", Tls::Starttls, login(Script::new()), true),
        (
            "refused",
            Tls::Starttls,
            login(Script::new().starttls()).always(Stage::Starttls, Act::Say("454 4.7.0 later")),
            true,
        ),
        (
            "wrong name",
            Tls::Starttls,
            login(Script::new().starttls().certificate_for("other.example.org")),
            true,
        ),
        (
            "wrong name",
            Tls::Implicit,
            login(Script::new().implicit_tls().certificate_for("other.example.org")),
            true,
        ),
        ("unknown authority", Tls::Starttls, login(Script::new().starttls()), false),
        ("unknown authority", Tls::Implicit, login(Script::new().implicit_tls()), false),
        ("no TLS at all", Tls::Implicit, login(Script::new()), true),
        (
            "dropped",
            Tls::Starttls,
            login(Script::new().starttls()).always(Stage::Starttls, Act::Drop),
            true,
        ),
    ];
    for (case, tls, script, trusted) in cases {
        let server = MailServer::start(script).await;
        let options = SmtpOptions {
            tls,
            ca_file: trusted.then(|| server.ca_file()),
            username: Some("frist".into()),
            password: Some("hemmelig".to_owned().into()),
            ..options(&server)
        };
        let delivery = Smtp::open(options, sender()).unwrap().deliver(&message(1), date()).await;
        assert!(matches!(delivery, Delivery::Again(_)), "{case} {tls:?}: {delivery:?}");
        assert!(server.mails().is_empty());
        for said in server.commands() {
            let harmless =
                ["EHLO", "STARTTLS", "QUIT"].iter().any(|verb| said.line.starts_with(verb));
            assert!(harmless || !said.line.is_ascii(), "{case}: {said:?}");
        }
    }
}

#[tokio::test]
async fn replies_smuggled_in_before_starttls_are_not_believed() {
    // Whoever sits between adds what would pass for the encrypted answer to EHLO.
    let smuggled = Act::Add("250-mail.example.org\r\n250 AUTH PLAIN");
    let script = Script::new().starttls().always(Stage::Starttls, smuggled);
    let server = MailServer::start(script).await;
    let ca_file = Some(server.ca_file());
    let options = SmtpOptions { tls: Tls::Starttls, ca_file, ..options(&server) };
    let delivery = Smtp::open(options, sender()).unwrap().deliver(&message(1), date()).await;
    assert!(matches!(delivery, Delivery::Again(_)), "{delivery:?}");
    // The handshake fails already: no command is ever answered by them.
    let heard: Vec<_> = server.commands().into_iter().map(|said| said.line).collect();
    assert_eq!(heard, ["EHLO [127.0.0.1]", "STARTTLS"]);
}

#[tokio::test]
async fn a_login_is_tried_in_both_ways_and_a_wrong_password_means_again() {
    let logged_in = async |mechanisms, password: &str| {
        let script = Script::new().login("frist", "hemmelig").mechanisms(mechanisms);
        let server = MailServer::start(script).await;
        let options = SmtpOptions {
            username: Some("frist".into()),
            password: Some(password.to_owned().into()),
            ..options(&server)
        };
        Smtp::open(options, sender()).unwrap().deliver(&message(1), date()).await
    };
    assert!(matches!(logged_in("PLAIN", "hemmelig").await, Delivery::Sent(_)));
    assert!(matches!(logged_in("LOGIN", "hemmelig").await, Delivery::Sent(_)));
    for mechanisms in ["PLAIN", "LOGIN", "CRAM-MD5"] {
        let delivery = logged_in(mechanisms, "feil").await;
        assert!(matches!(delivery, Delivery::Again(_)), "{mechanisms}: {delivery:?}");
    }
}

#[tokio::test]
async fn unencrypted_mail_stays_on_this_machine_unless_it_is_forced() {
    let server = MailServer::start(Script::new()).await;
    let open = |host: &str, force_plain| {
        let host = host.to_owned();
        Smtp::open(SmtpOptions { host, force_plain, ..options(&server) }, sender())
    };
    assert!(matches!(open("192.0.2.1", false), Err(SmtpError::Plain(_))));
    assert!(matches!(open("2001:db8::1", false), Err(SmtpError::Plain(_))));
    assert!(open("192.0.2.1", true).is_ok());
    assert!(open("127.0.0.2", false).is_ok());
    let delivery = open("localhost", false).unwrap().deliver(&message(1), date()).await;
    assert!(matches!(delivery, Delivery::Sent(_)), "{delivery:?}");
}

#[tokio::test]
async fn options_that_can_never_work_are_refused_at_the_start() {
    let server = MailServer::start(Script::new()).await;
    let tls = SmtpOptions { tls: Tls::Starttls, ..options(&server) };
    let open = |options| Smtp::open(options, sender()).unwrap_err().to_string();
    let empty = tempfile::NamedTempFile::new().unwrap();
    let gone = SmtpOptions { ca_file: Some("/no/such.pem".into()), ..tls.clone() };
    assert_eq!(open(gone), "cannot read the certificates in /no/such.pem");
    let none = SmtpOptions { ca_file: Some(empty.path().into()), ..tls.clone() };
    assert!(open(none).ends_with("holds no certificate"));
    let host = SmtpOptions { host: "no host".into(), ..tls };
    assert_eq!(open(host), "`no host` is no name that a certificate could be for");
}

#[tokio::test]
async fn a_password_is_not_shown() {
    let password = Some("hemmelig".to_owned().into());
    let options = SmtpOptions { password, ..SmtpOptions::default() };
    assert!(!format!("{options:?}").contains("hemmelig"));
}

#[tokio::test(flavor = "multi_thread")]
async fn small_mails_go_out_without_waiting_for_each_other() {
    // With Nagle's algorithm on, each mail waits 40 ms for the server's delayed acknowledgement.
    const MAILS: usize = 200;
    let server = MailServer::start(Script::new()).await;
    let smtp = std::sync::Arc::new(smtp(&server));
    let start = Instant::now();
    let tasks = (0..4).map(|worker| {
        let smtp = std::sync::Arc::clone(&smtp);
        tokio::spawn(async move {
            for number in 0..MAILS / 4 {
                let delivery = smtp.deliver(&message(worker * MAILS + number), date()).await;
                assert!(matches!(delivery, Delivery::Sent(_)), "{delivery:?}");
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let took = start.elapsed();
    println!("{MAILS} mails in {took:?}: {:.0} a second", MAILS as f64 / took.as_secs_f64());
    assert_eq!((server.mails().len(), server.connections()), (MAILS, 4));
    assert!(took < Duration::from_millis(40) * (MAILS as u32 / 4), "{took:?}");
}
