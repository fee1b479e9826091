//! docs/operations.md is what it says: every block of commands in it is run, one after the other, on a machine that is made up.
//!
//! frist is the real program. What only a real machine has (systemd, packages, containers) is played by small stand-ins that
//! know the words which the page may use, and fail at others; a started unit does one turn.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

const PAGE: &str = "docs/operations.md";

/// Folders of a machine, which the page's commands get instead of those of this one.
const FOLDERS: [&str; 3] = ["/etc/frist", "/var/lib/frist", "/var/backups"];

const STAND_INS: [(&str, &str); 5] = [
    // `sudo NAME=value command` sets the variable, as sudo does.
    ("sudo", "exec env \"$@\""),
    (
        "systemctl",
        "case \"$*\" in\n\
         'start frist'|'restart frist'|'enable --now frist') frist --dir /etc/frist run --once --transport folder ;;\n\
         'stop frist'|'disable --now frist'|'status frist'|'reload frist') ;;\n\
         *) echo \"systemctl $*?\" >&2; exit 1 ;;\nesac",
    ),
    ("journalctl", "[ \"$1 $2\" = '-u frist' ]"),
    (
        "apt",
        "case \"$1 $2\" in 'install ./target/debian/frist_'*.deb|'purge frist') ;; *) exit 1 ;; esac",
    ),
    ("podman", "case \"$1\" in build|run|exec|cp) ;; *) exit 1 ;; esac"),
];

struct Machine(TempDir);

impl Machine {
    fn new() -> Self {
        let machine = Self(tempfile::tempdir().unwrap());
        for folder in FOLDERS.iter().chain(&["/bin", "/home/packaging", "/home/target/debian"]) {
            fs::create_dir_all(machine.path(folder)).unwrap();
        }
        symlink(env!("CARGO_BIN_EXE_frist"), machine.path("/bin/frist")).unwrap();
        for (name, script) in STAND_INS {
            machine.script(&format!("/bin/{name}"), script);
        }
        machine.script("/home/packaging/debian.sh", "touch target/debian/frist_1_all.deb");
        let configuration = fs::read_to_string("packaging/frist.toml").unwrap();
        fs::write(machine.path("/etc/frist/frist.toml"), machine.here(&configuration)).unwrap();
        machine
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path.trim_start_matches('/'))
    }

    fn script(&self, path: &str, script: &str) {
        let text = format!("#!/bin/bash\nset -e\n{}\n", self.here(script));
        fs::write(self.path(path), text).unwrap();
        fs::set_permissions(self.path(path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Puts this machine's folders into a text.
    fn here(&self, text: &str) -> String {
        FOLDERS.iter().fold(text.to_owned(), |text, folder| {
            text.replace(folder, &self.path(folder).display().to_string())
        })
    }

    /// Runs a block of commands; returns what went wrong.
    fn run(&self, block: &str) -> Result<String, String> {
        let path = format!("{}:/usr/bin:/bin", self.path("/bin").display());
        let mut shell = Command::new("bash");
        shell.args(["-euo", "pipefail", "-c", &self.here(block)]).current_dir(self.path("/home"));
        let output = shell.env("PATH", path).env_remove("FRIST_LOG").output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        if output.status.success() { Ok(said) } else { Err(said) }
    }

    /// Puts what the page says into the configuration; systemd hands over what is a credential.
    fn configure(&self, block: &str) {
        let file = self.path("/etc/frist/frist.toml");
        let written = fs::read_to_string(&file).unwrap();
        let above = written.split("[mail]").next().unwrap();
        let mail = block.replacen("[mail]", "[mail]\nfolder = \"/var/lib/frist/outbox\"", 1);
        fs::write(file, format!("{above}{}\n", self.here(&mail))).unwrap();
        let credentials = self.path("/credentials");
        fs::create_dir_all(&credentials).unwrap();
        fs::write(credentials.join("smtp"), "secret\n").unwrap();
        let check = "frist --dir /etc/frist check";
        let service = format!("CREDENTIALS_DIRECTORY={} {check}", credentials.display());
        for command in [check, &service] {
            self.run(command).unwrap_or_else(|said| panic!("{command}: {said}"));
        }
    }

    /// Brings about what a section is about.
    fn prepare(&self, heading: &str) {
        if heading == "The ledger is damaged" {
            let ledger = self.path("/var/lib/frist/frist.db");
            let mut bytes = fs::read(&ledger).unwrap();
            let half = bytes.len() / 2;
            bytes[half..half + 8000].fill(0xa5);
            fs::write(&ledger, bytes).unwrap();
            let turn = self.run("frist --dir /etc/frist run --once --transport folder");
            let said = turn.expect_err("a damaged ledger is served");
            assert!(said.contains("is damaged"), "{said}");
        }
    }
}

/// The page's blocks: under which heading, on which line, in which language, and what they say.
pub(crate) fn blocks() -> Vec<(String, usize, String, String)> {
    let page = fs::read_to_string(PAGE).unwrap();
    let mut found = Vec::new();
    let mut heading = String::new();
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if line.starts_with('#') {
            line.trim_start_matches(['#', ' ']).clone_into(&mut heading);
        } else if let Some(language) = line.strip_prefix("```") {
            let block = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
            let block = block.collect::<Vec<_>>().join("\n");
            found.push((heading.clone(), number + 1, language.to_owned(), block));
        }
    }
    found
}

#[test]
fn every_command_on_the_page_does_what_it_is_there_for() {
    let machine = Machine::new();
    let mut before = String::new();
    let (mut ran, mut restored) = (0, 0);
    for (heading, line, language, block) in blocks() {
        if heading != before {
            machine.prepare(&heading);
            before.clone_from(&heading);
        }
        match language.as_str() {
            "sh" => {
                let done = machine.run(&block);
                assert!(done.is_ok(), "{PAGE}:{line}: {block}\n\n{}", done.unwrap_err());
                ran += 1;
                // Whoever puts a ledger back wants mails to go out again.
                if block.contains(" restore ") {
                    let status = machine.run("frist --dir /etc/frist status").unwrap();
                    assert!(
                        !status.contains("nothing is sent from here"),
                        "{PAGE}:{line}: {status}"
                    );
                    restored += 1;
                }
            }
            "toml" => machine.configure(&block),
            other => panic!("{PAGE}:{line}: nobody runs a block of {other:?}"),
        }
    }
    assert!(ran >= 20 && restored == 3, "{ran} blocks, {restored} of them restore");
    // The ledger is whole after all this.
    machine.run("frist --dir /etc/frist log --verify").unwrap();
}

#[test]
fn every_link_on_the_page_leads_somewhere() {
    let page = fs::read_to_string(PAGE).unwrap();
    let anchor = |line: &str| {
        line.trim_start_matches(['#', ' ']).to_lowercase().replace(',', "").replace(' ', "-")
    };
    let anchors: Vec<String> =
        page.lines().filter(|line| line.starts_with('#')).map(anchor).collect();
    for link in page.split("](").skip(1) {
        let link = link.split(')').next().unwrap();
        let leads = match link.strip_prefix('#') {
            Some(heading) => anchors.iter().any(|anchor| anchor == heading),
            None => fs::exists(format!("docs/{link}")).unwrap(),
        };
        assert!(leads, "{link}");
    }
}

#[test]
fn every_setting_is_said_to_count_at_once_or_later() {
    let page = fs::read_to_string(PAGE).unwrap();
    let (_, table) = page.split_once("| counts at once |").expect("the page has the table");
    let (table, _) = table.split_once("\n\n").expect("the table ends");
    for key in frist::config::KEYS {
        let (section, name) = key.rsplit_once('.').unwrap_or(("", key));
        // What only `frist check` minds, the daemon does not read.
        let is_named = section == "check"
            || table.contains(&format!("`[{section}]`"))
            || table.contains(&format!("`{name}`"))
            || table.contains(&format!("`{key}`"))
            || ["plan", "rules.folder"].contains(key);
        assert!(is_named, "{key}");
    }
}
