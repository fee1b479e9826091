//! Encryption and login: what a server has to offer before it hears anything.

use frist::mail::Delivery;
use frist::mail::transport::smtp::{Smtp, SmtpError, SmtpOptions, Tls};

use super::{date, message, options, sender};
use crate::mail_server::{Act, MailServer, Script, Stage};

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
