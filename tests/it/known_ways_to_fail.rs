//! The ways in which programs that remind people are known to fail, each with a test of its name, through the real
//! program. Who fails so is said with each; the sources are their issue trackers and their code.

use crate::arming::copy_files;
use crate::mail_server::{MailServer, Script};
use crate::project::TestProject;

/// `CiviCRM` and Frappe keep no account of which installation may mail: a copy of the database that is started for a trial
/// mails everybody again, from the first tick on.
#[tokio::test(flavor = "multi_thread")]
async fn the_clone_mails() {
    let server = MailServer::start(Script::new()).await;
    let project = TestProject::new();
    project.mail_to(server.port());
    let once = |project: &TestProject, now: &str| project.frist(&["run", "--once", "--now", now]);
    assert_eq!(once(&project, "2011-03-31T08:00").code(), 0);
    // Everything is copied, with the secret that lies beside the ledger.
    let clone = TestProject::new();
    copy_files(project.path(), clone.path());
    let copied = once(&clone, "2011-04-01T08:00");
    assert_eq!(copied.code(), 3);
    assert!(copied.err().contains("so this is a copy"), "{}", copied.err());
    assert!(copied.err().contains("`frist arm`"), "{}", copied.err());
    assert_eq!(server.connections(), 0);
    assert!(clone.rows(&["log"]).is_empty());

    // The one that was copied goes on, and the copy is silent for good.
    assert_eq!(once(&project, "2011-04-01T08:00").code(), 0);
    assert_eq!(server.mails().len(), 2);
    assert_eq!(once(&clone, "2011-06-01T08:00").code(), 3);
    assert_eq!(server.mails().len(), 2);
}
