//! The daemon's mails as another program's mail server takes them: `smtp-sink` from Debian's package postfix.

use std::fs;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use mail_parser::MessageParser;

use crate::project::TestProject;

/// `smtp-sink` on a free port of 127.0.0.1, each mail in a file of its own; ended by its process id when dropped.
struct Sink {
    process: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Sink {
    fn start() -> Self {
        let program = ["/usr/sbin/smtp-sink", "/usr/bin/smtp-sink"]
            .into_iter()
            .find(|path| fs::exists(path).unwrap_or_default())
            .expect("smtp-sink is missing: install Debian's package postfix, or run tests/run");
        let folder = tempfile::tempdir().unwrap();
        // The port is free when it is asked for; nobody else on this machine asks for it meanwhile.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program);
        // Started by root, it wants to be told whom to run as.
        if Command::new("id").arg("-u").output().unwrap().stdout == b"0\n" {
            command.args(["-u", "root"]);
        }
        command
            .args(["-d", "mail.%M.", &format!("127.0.0.1:{port}"), "100"])
            .current_dir(folder.path());
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let sink = Self { process, folder, port };
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return sink;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("smtp-sink does not listen");
    }

    fn mails(&self) -> Vec<Vec<u8>> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        entries
            .map(|entry| fs::read(entry.unwrap().path()).unwrap())
            .filter(|mail| !mail.is_empty())
            .collect()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn another_programs_server_takes_our_mails() {
    let sink = Sink::start();
    let project = TestProject::oslo();
    project.mail_to(sink.port);
    let replay = ["run", "--from", "2011-03-31", "--until", "2011-04-02", "--transport", "smtp"];
    let ran = project.frist(&replay);
    assert_eq!(ran.code(), 0, "{}", ran.err());
    let mails = sink.mails();
    let mut subjects = Vec::new();
    for raw in &mails {
        let mail = MessageParser::default().parse(raw).unwrap();
        subjects.push(mail.subject().unwrap().to_owned());
        assert!(mail.body_text(0).is_some_and(|text| text.contains("Handlingsplan")));
    }
    assert!(
        subjects.contains(&"Frist 1. mai: 1a Differensierte botilbud, oppsummering".to_owned()),
        "{subjects:?}"
    );
}
