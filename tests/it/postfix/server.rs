//! A private Postfix: its own configuration, queue, users, certificates and mailboxes in a folder of its own, on ports
//! of 127.0.0.1; ended by its master's process id when dropped.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::certificates;

/// Who may log in.
pub(super) const USER: &str = "frist@mail.test";
/// With what.
pub(super) const PASSWORD: &str = "hemmelig";

/// What listens on a port of its own: its name, and what it does otherwise than all others.
const DOORS: [(&str, &[&str]); 7] = [
    ("starttls", &[]),
    ("implicit", &["smtpd_tls_wrappermode=yes"]),
    ("stripped", &["smtpd_tls_security_level=none", "smtpd_tls_auth_only=no"]),
    ("other-name", &["smtpd_tls_chain_files=$config_directory/other.pem"]),
    ("expired", &["smtpd_tls_chain_files=$config_directory/expired.pem"]),
    ("old", &["smtpd_tls_protocols=TLSv1,TLSv1.1", "smtpd_tls_mandatory_protocols=TLSv1,TLSv1.1"]),
    ("narrow", &["message_size_limit=2000"]),
];

/// Postfix's own services, as in Debian's master.cf without chroot.
const SERVICES: &str = "\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
";

/// A running Postfix.
pub(super) struct Postfix {
    folder: TempDir,
    ports: Vec<(&'static str, u16)>,
}

impl Postfix {
    /// Makes everything that it needs, and starts it.
    pub(super) fn start() -> Self {
        assert!(
            output(Command::new("id").arg("-u")).stdout == b"0\n",
            "Postfix keeps a queue that belongs to its own user, which only root can set up: run these tests as root, \
             `sudo tests/run postfix`, or leave them out, `cargo test -- --skip postfix::`"
        );
        let folder = tempfile::tempdir().unwrap();
        // Postfix's own users have to get through.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        for (name, owner) in
            [("conf", "root"), ("spool", "root"), ("data", "postfix"), ("mail", "nobody:")]
        {
            let path = folder.path().join(name);
            fs::create_dir(&path).unwrap();
            run(Command::new("chown").arg(owner).arg(path));
        }
        let mut postfix = Self { folder, ports: Vec::new() };
        certificates::write(&postfix.conf(), "The authority");
        postfix.write_users();
        for _ in 0..5 {
            postfix.write_configuration();
            if postfix.postfix("start").output().unwrap().status.success() {
                return postfix;
            }
            // Somebody else may have got one of the ports meanwhile.
        }
        panic!("Postfix does not start:\n{}", postfix.log());
    }

    /// Returns the port of a door.
    pub(super) fn port(&self, door: &str) -> u16 {
        self.ports.iter().find(|(name, _)| *name == door).unwrap().1
    }

    /// Returns the file with the authority that signed all certificates.
    pub(super) fn ca_file(&self) -> PathBuf {
        self.conf().join("ca.pem")
    }

    /// Returns the mails of a mailbox without the lines that Postfix has added, once there are `count`; CRLF is LF there.
    pub(super) fn mails(&self, mailbox: &str, count: usize) -> Vec<String> {
        let new = self.folder.path().join("mail").join(mailbox).join("new");
        for _ in 0..1000 {
            let mails: Vec<_> = files(&new).map(|path| fs::read_to_string(path).unwrap()).collect();
            if mails.len() >= count {
                return mails.iter().map(|mail| without_trace(mail)).collect();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("no {count} mails for {mailbox}; Postfix says:\n{}", self.log());
    }

    /// Returns how many mails have come to any mailbox or are on the way there.
    pub(super) fn taken(&self) -> usize {
        self.log().lines().filter(|line| line.contains("message-id=")).count()
    }

    /// Returns Postfix's log.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("mail.log")).unwrap_or_default()
    }

    /// Stops it; the ports are closed then.
    pub(super) fn stop(&self) {
        run(&mut self.postfix("stop"));
    }

    /// Starts it, anew if it was stopped.
    pub(super) fn go_on(&self) {
        run(&mut self.postfix("start"));
    }

    fn postfix(&self, word: &str) -> Command {
        let mut command = Command::new(program("postfix", "postfix"));
        command.arg("-c").arg(self.conf()).arg(word);
        command
    }

    fn conf(&self) -> PathBuf {
        self.folder.path().join("conf")
    }

    /// Writes who may log in, for Cyrus SASL.
    fn write_users(&self) {
        let users = self.folder.path().join("data/users");
        let sasl = format!(
            "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {}\nmech_list: PLAIN LOGIN\n",
            users.display()
        );
        // Debian's Postfix looks there, whatever main.cf says.
        fs::create_dir(self.conf().join("sasl")).unwrap();
        fs::write(self.conf().join("sasl/smtpd.conf"), sasl).unwrap();
        let (name, domain) = USER.split_once('@').unwrap();
        let password = self.folder.path().join("password");
        fs::write(&password, PASSWORD).unwrap();
        let mut command = Command::new(program("saslpasswd2", "sasl2-bin"));
        command.args(["-p", "-c", "-u", domain, "-f"]).arg(&users).arg(name);
        run(command.stdin(fs::File::open(&password).unwrap()));
        run(Command::new("chown").arg("postfix").arg(users));
    }

    fn write_configuration(&mut self) {
        let folder = self.folder.path().display();
        let nobody = fs::metadata(self.folder.path().join("mail")).unwrap();
        let main = format!(
            "compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mail.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks =
alias_maps =
alias_database =
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/conf/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{}
virtual_gid_maps = static:{}
smtpd_tls_chain_files = {folder}/conf/server.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
# Old versions are to be refused by frist, not by OpenSSL.
tls_medium_cipherlist = ALL:@SECLEVEL=0
tls_high_cipherlist = ALL:@SECLEVEL=0
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = {folder}/conf/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
# The domain's own lists come before who has logged in.
smtpd_sender_restrictions = check_recipient_access texthash:{folder}/conf/access
",
            nobody.uid(),
            nobody.gid()
        );
        // All at once, so that no port is given twice.
        let listeners = DOORS.map(|_| TcpListener::bind("127.0.0.1:0").unwrap());
        let (mut master, mut ports) = (SERVICES.to_owned(), Vec::new());
        for ((name, changes), listener) in DOORS.into_iter().zip(&listeners) {
            let port = listener.local_addr().unwrap().port();
            let changes: Vec<String> = changes
                .iter()
                .map(|change| format!(" -o {{{}}}", change.replace('=', " = ")))
                .collect();
            let changes = changes.concat();
            let service =
                format!("127.0.0.1:{port} inet n - n - - smtpd -o syslog_name={name}{changes}\n");
            master.push_str(&service);
            ports.push((name, port));
        }
        self.ports = ports;
        fs::write(self.conf().join("main.cf"), main).unwrap();
        fs::write(self.conf().join("master.cf"), master).unwrap();
        self.write_mailboxes(&["boss", "office", "mate"]);
        self.write_access("");
    }

    /// Says who has a mailbox; all others are unknown.
    pub(super) fn write_mailboxes(&self, names: &[&str]) {
        let lines: Vec<String> =
            names.iter().map(|name| format!("{name}@example.org {name}/\n")).collect();
        fs::write(self.conf().join("mailboxes"), lines.concat()).unwrap();
    }

    /// Says what is answered to which recipient.
    pub(super) fn write_access(&self, lines: &str) {
        fs::write(self.conf().join("access"), lines).unwrap();
    }

    /// Makes it read its tables anew.
    pub(super) fn reload(&self) {
        run(&mut self.postfix("reload"));
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // Whether it still runs, its master's process id says.
        let _ = self.postfix("stop").stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// Returns where a program of Debian's is.
fn program(name: &str, package: &str) -> PathBuf {
    ["/usr/sbin", "/usr/bin"]
        .into_iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.exists())
        .unwrap_or_else(|| {
            panic!("{name} is missing: install Debian's package {package}, or run tests/run")
        })
}

fn run(command: &mut Command) {
    let done = output(command);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?} fails: {said}");
}

fn output(command: &mut Command) -> Output {
    command.output().unwrap()
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter()
}

/// Leaves out the lines that Postfix has put on top.
fn without_trace(mail: &str) -> String {
    let mut lines = mail.split_inclusive('\n').peekable();
    while let Some(line) = lines.peek() {
        let added = ["Return-Path:", "X-Original-To:", "Delivered-To:", "Received:", "\t", " "];
        if !added.iter().any(|start| line.starts_with(start)) {
            break;
        }
        lines.next();
    }
    lines.collect()
}
