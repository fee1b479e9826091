//! Whether others notice how the daemon does: the page, the ping and the service manager, from outside.

mod page;
mod ping;
mod service;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::{ServerConnection, StreamOwned};

use crate::certificate::Certificate;
use crate::project::TestProject;
use crate::resident::Resident;

/// The morning on which two mails of the small plan are due.
const MORNING: &str = "2011-04-01T08:00";

/// Starts a daemon to which more is said by `prepare`, as its environment.
fn start(project: &TestProject, prepare: impl FnOnce(&mut Command)) -> Resident {
    let mut command = project.command(&["run", "--now", MORNING]);
    // A proxy of whoever runs the tests is none of the daemon's.
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
    {
        command.env_remove(name);
    }
    prepare(&mut command);
    Resident::of(&mut command)
}

/// Asks for a page and returns its status, and everything that was answered.
fn get(address: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

/// An HTTP server that gives every request the same answer and remembers what was asked for.
struct Receiver {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    /// Starts one; `status` is as in `200 OK`.
    fn start(status: &'static str) -> Self {
        Self::over(status, |stream| stream)
    }

    /// Starts one that speaks TLS.
    fn encrypted(status: &'static str, certificate: &Certificate) -> Self {
        let config = certificate.server();
        Self::over(status, move |stream| {
            StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream)
        })
    }

    fn over<S: Read + Write>(
        status: &'static str,
        wrap: impl Fn(TcpStream) -> S + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = asked.clone();
        // Ends with the tests' process; it waits for connections that nobody makes any more.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = BufReader::new(wrap(stream.unwrap()));
                let mut lines = stream.by_ref().lines();
                // Whoever does not trust the certificate asks for nothing.
                let Some(Ok(first)) = lines.next() else { continue };
                while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
                heard.lock().unwrap().push(first.split(' ').nth(1).unwrap().to_owned());
                let _ = write!(
                    stream.get_mut(),
                    "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                );
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}
