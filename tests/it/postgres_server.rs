//! A private PostgreSQL server from Debian's package, which ends with the test process, however that ends.
//! One is shared by all tests, each with a database of its own; a test that stops the server starts another.

mod relay;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::runtime::Builder;

use crate::certificate::Certificate;

pub(crate) use relay::Relay;

/// The password of its only user, `frist`.
pub(crate) const PASSWORD: &str = "s3cret";

/// Starts and ends the server as it reads on its standard input; at the end of that, when the test process has gone,
/// ends it and removes its folder. It answers each line with one, so that nobody goes on too early.
const KEEPER: &str = r#"
start() {
    $AS "$BIN/postgres" -D "$FOLDER/data" >>"$FOLDER/log" 2>&1 </dev/null & server=$!
    until "$BIN/pg_isready" -q -h "$FOLDER" -p "$PORT"; do
        kill -0 $server 2>/dev/null || { echo "failed: $(cat "$FOLDER/log")" | tr '\n' ' '; echo; return; }
        sleep 0.05
    done
    echo ready
}
stop() { kill -$1 $server 2>/dev/null; wait $server; }
while read -r order; do
    case $order in
        start) start ;;
        crash) stop QUIT; echo stopped ;;
    esac
done
stop INT
rm -rf "$FOLDER"
"#;

/// A server of its own; ended when dropped.
pub(crate) struct PostgresServer {
    folder: PathBuf,
    port: u16,
    keeper: Mutex<Keeper>,
}

struct Keeper {
    process: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl PostgresServer {
    /// Returns the server that all tests share.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<PostgresServer> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Starts a server of its own.
    pub(crate) fn start() -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("frist-postgres-").tempdir().unwrap().keep();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        // The port is free when it is asked for; nobody else on this machine asks for it meanwhile.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        make_cluster(&programs, &folder, port);
        let mut process = Command::new("sh")
            .args(["-c", KEEPER])
            .env("AS", as_whom().join(" "))
            .env("BIN", &programs)
            .env("FOLDER", &folder)
            .env("PORT", port.to_string())
            .current_dir("/")
            // What ends the tests from the keyboard must not end the keeper before its work is done.
            .process_group_of_its_own()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().unwrap());
        let server = Self { folder, port, keeper: Mutex::new(Keeper { process, orders, answers }) };
        server.order("start", "ready");
        server
    }

    /// Ends it as a crash does: everything that is not committed is gone, all connections are broken.
    pub(crate) fn crash(&self) {
        self.order("crash", "stopped");
    }

    /// Starts it again after a crash.
    pub(crate) fn restart(&self) {
        self.order("start", "ready");
    }

    /// Makes an empty database, from wherever this is called, and returns its address.
    pub(crate) fn new_database(&self) -> String {
        let make = || {
            Builder::new_current_thread().enable_all().build().unwrap().block_on(self.database())
        };
        // A thread that runs a runtime cannot run another.
        thread::scope(|scope| scope.spawn(make).join().unwrap())
    }

    /// Makes an empty database and returns its address.
    pub(crate) async fn database(&self) -> String {
        static DATABASES: AtomicU32 = AtomicU32::new(0);
        let name = format!("ledger_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        self.run(&format!("CREATE DATABASE {name}")).await;
        self.url(&name)
    }

    /// Runs a statement outside any ledger.
    pub(crate) async fn run(&self, sql: &str) {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Takes connections with TLS too from now on.
    pub(crate) async fn encrypt(&self, certificate: &Certificate) {
        let data = self.folder.join("data");
        for (name, pem) in
            [("server.crt", certificate.pem()), ("server.key", certificate.key_pem())]
        {
            fs::write(data.join(name), pem).unwrap();
            fs::set_permissions(data.join(name), fs::Permissions::from_mode(0o600)).unwrap();
            let owner = fs::metadata(&data).unwrap();
            chown(data.join(name), Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        self.run("ALTER SYSTEM SET ssl = on").await;
        self.run("SELECT pg_reload_conf()").await;
    }

    /// Returns the address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://frist:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// Returns the folder of its socket.
    pub(crate) fn socket(&self) -> &Path {
        &self.folder
    }

    /// Returns its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn order(&self, order: &str, expected: &str) {
        let mut keeper = self.keeper.lock().unwrap();
        let orders = keeper.orders.as_mut().unwrap();
        writeln!(orders, "{order}").unwrap();
        let mut answer = String::new();
        keeper.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer.trim(), expected, "the PostgreSQL server does not {order}");
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        let mut keeper = self.keeper.lock().unwrap();
        drop(keeper.orders.take());
        let _ = keeper.process.wait();
    }
}

/// A process group of its own, as a step of the builder.
trait ProcessGroup {
    fn process_group_of_its_own(&mut self) -> &mut Self;
}

impl ProcessGroup for Command {
    fn process_group_of_its_own(&mut self) -> &mut Self {
        std::os::unix::process::CommandExt::process_group(self, 0)
    }
}

/// Returns the folder of the newest server's programs.
fn programs() -> PathBuf {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            Some((version, path.join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").exists())
        .collect();
    versions.sort();
    let newest = versions.pop();
    newest.expect("PostgreSQL is missing: install Debian's package postgresql, or run tests/run").1
}

/// Returns what makes a command run as somebody whom the server's programs accept: they refuse root.
fn as_whom() -> &'static [&'static str] {
    if rustix::process::getuid().is_root() {
        &["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    } else {
        &[]
    }
}

fn make_cluster(programs: &Path, folder: &Path, port: u16) {
    let password = folder.join("password");
    fs::write(&password, PASSWORD).unwrap();
    let data = folder.join("data");
    let initdb = programs.join("initdb");
    let mut words: Vec<&std::ffi::OsStr> = as_whom().iter().map(AsRef::as_ref).collect();
    words.push(initdb.as_os_str());
    let made = Command::new(words[0])
        .args(&words[1..])
        .args(["--username", "frist", "--auth", "scram-sha-256", "--encoding", "UTF8"])
        .args(["--locale", "C", "--no-sync", "--pwfile"])
        .arg(&password)
        .arg("--pgdata")
        .arg(&data)
        .current_dir("/")
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let settings = format!(
        "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{}'\nfsync = on\n\
         max_connections = 200\n",
        folder.display()
    );
    fs::write(data.join("postgresql.auto.conf"), settings).unwrap();
}
