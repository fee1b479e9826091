//! How connections are kept, shared and replaced.

use std::sync::Arc;
use std::time::Duration;

use frist::mail::Delivery;
use frist::mail::transport::smtp::{Smtp, SmtpOptions};

use super::{FOREVER, date, message, options, sender, smtp};
use crate::mail_server::{Act, MailServer, Script, Stage};

#[tokio::test]
async fn one_connection_carries_many_mails() {
    let server = MailServer::start(Script::new()).await;
    let smtp = smtp(&server);
    for number in 0..10 {
        smtp.deliver(&message(number), date()).await;
    }
    // The second EHLO asks what lettre has read over: whether the server takes several commands at once.
    assert_eq!((server.mails().len(), server.connections(), server.count("EHLO")), (10, 1, 2));
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
    let smtp = Arc::new(Smtp::open(options, sender()).unwrap());
    let tasks = (0..30).map(|number| {
        let smtp = Arc::clone(&smtp);
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
async fn a_kept_connection_that_dies_after_the_dot_is_not_replaced_for_that_mail() {
    // What the server did with it is unknown; when to repeat it is the outbox's business.
    let script = Script::new().once_on(0, Stage::Dot, Act::Late(Duration::ZERO));
    let server = MailServer::start(script.once_on(0, Stage::Dot, Act::TakeAndDrop)).await;
    let smtp = smtp(&server);
    assert!(matches!(smtp.deliver(&message(1), date()).await, Delivery::Sent(_)));
    assert!(matches!(smtp.deliver(&message(2), date()).await, Delivery::Uncertain(_)));
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
        for script in [Script::new(), Script::new().pipelining()] {
            let server = MailServer::start(script.once(stage, refused)).await;
            let smtp = smtp(&server);
            assert!(!matches!(smtp.deliver(&message(1), date()).await, Delivery::Sent(_)));
            assert!(matches!(smtp.deliver(&message(2), date()).await, Delivery::Sent(_)));
            assert_eq!((server.count("RSET"), server.connections()), (1, 1), "{stage:?}");
        }
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
async fn a_server_that_takes_several_commands_at_once_gets_them_so() {
    let server = MailServer::start(Script::new().pipelining()).await;
    let smtp = smtp(&server);
    for number in 0..3 {
        assert!(matches!(smtp.deliver(&message(number), date()).await, Delivery::Sent(_)));
    }
    assert_eq!((server.mails().len(), server.connections()), (3, 1));
    for command in server.commands() {
        let more_comes = command.line.starts_with("MAIL") || command.line.starts_with("RCPT");
        assert_eq!(command.followed, more_comes, "{}", command.line);
    }
}

#[tokio::test]
async fn a_server_that_asks_for_a_mail_for_nobody_does_not_get_it() {
    let script = Script::new().pipelining().once(Stage::Rcpt, Act::SayAndDrop("550 5.1.1 no such"));
    let refused = Act::Say("550 5.1.1 no such user");
    let asks = Script::new().pipelining().once_on(0, Stage::Rcpt, refused);
    // RFC 2920, 3.1: it may ask for the mail all the same.
    let asks = asks.once_on(0, Stage::Data, Act::Say("354 go on"));
    for script in [script, asks] {
        let server = MailServer::start(script).await;
        let smtp = smtp(&server);
        assert!(matches!(smtp.deliver(&message(1), date()).await, Delivery::GiveUp(_)));
        assert!(matches!(smtp.deliver(&message(2), date()).await, Delivery::Sent(_)));
        assert_eq!((server.mails().len(), server.connections()), (1, 2));
    }
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

#[tokio::test(flavor = "multi_thread")]
async fn small_mails_share_the_connections() {
    const MAILS: u32 = 200;
    let server = MailServer::start(Script::new()).await;
    let smtp = Arc::new(smtp(&server));
    let tasks = (0..4).map(|worker| {
        let smtp = Arc::clone(&smtp);
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
    assert_eq!((server.count("DATA"), server.mails().len(), server.connections()), (200, 200, 4));
}
