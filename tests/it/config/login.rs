//! Names, passwords, and when mails go unencrypted.

use frist::config::TlsMode;
use insta::assert_snapshot;

use super::Project;

const LOGIN: &str =
    "[mail]\ntransport = 'smtp'\n[mail.smtp]\nusername = 'frist'\npassword_file = 'password'\n";

#[test]
fn the_password_is_read_without_its_line_end_and_shown_to_nobody() {
    for written in ["hemmelig", "hemmelig\n", "hemmelig\r\n"] {
        let config = Project::new(LOGIN).file("password", written).config();
        assert_eq!(config.mail.smtp.password.as_ref().unwrap().reveal(), "hemmelig");
        assert!(!format!("{config:?}").contains("hemmelig"));
    }
}

#[test]
fn a_login_is_whole_or_not_there() {
    assert_snapshot!(Project::new(LOGIN).faults(), @"
    frist.toml:5:17: the password's file password cannot be read: No such file or directory (os error 2)
      help: name a file that holds the password and nothing else
    ");
    assert_snapshot!(Project::new(LOGIN).file("password", "\n").faults(), @"
    frist.toml:5:17: the password's file password is empty
      help: write the password into its first line
    ");
    let without =
        |line: &str| Project::new(&LOGIN.replace(line, "")).file("password", "hemmelig").faults();
    assert_snapshot!(without("password_file = 'password'"), @"
    frist.toml:4:12: there is a user name, but no password
      help: name the password's file in password_file
    ");
    assert_snapshot!(without("username = 'frist'"), @"
    frist.toml:5:17: there is a password, but no user name
      help: write the user name in username
    ");
}

#[test]
fn a_password_may_be_a_credential_that_systemd_hands_over() {
    let handed_over = |name: &str| {
        let toml = LOGIN.replace("'password'", &format!("'credential:{name}'"));
        let project = Project::new(&toml).file("smtp", "hemmelig\n");
        let folder = project.folder.path().display().to_string();
        project.variable("CREDENTIALS_DIRECTORY", &folder)
    };
    let config = handed_over("smtp").config();
    assert_eq!(config.mail.smtp.password.unwrap().reveal(), "hemmelig");
    assert_snapshot!(handed_over("other").faults(), @"
    frist.toml:5:17: the password's file other cannot be read: No such file or directory (os error 2)
      help: name a file that holds the password and nothing else
    ");
    assert_snapshot!(handed_over("../smtp").faults(), @r#"
    frist.toml:5:17: `credential:../smtp` names no credential
      help: write "credential:smtp"
    "#);
    // Whoever only looks at the ledger needs none.
    let by_hand = Project::new(&LOGIN.replace("'password'", "'credential:smtp'")).config();
    assert_eq!(by_hand.mail.smtp.password, None);
}

#[test]
fn mails_go_unencrypted_to_this_machine_only_unless_it_is_forced() {
    let smtp = |host: &str| {
        Project::new(&format!(
            "[mail]\ntransport = 'smtp'\n[mail.smtp]\ntls = 'none'\nhost = '{host}'\n"
        ))
    };
    for here in ["localhost", "127.0.0.1", "127.3.2.1", "::1", "[::1]"] {
        assert!(smtp(here).load().is_ok(), "{here}");
    }
    assert_snapshot!(smtp("mail.example.org").faults(), @r#"
    frist.toml:4:7: mails would go to `mail.example.org` unencrypted
      help: write tls = "starttls" or "implicit"; or, if the way there is safe, force_plain = true
    "#);
    let forced = smtp("mail.example.org").variable("FRIST_MAIL__SMTP__FORCE_PLAIN", "true");
    assert_eq!(forced.config().mail.smtp.tls, TlsMode::None);
    let nobody_sends = smtp("mail.example.org").flag("mail.transport", "--transport", "folder");
    assert!(nobody_sends.load().is_ok());
}
