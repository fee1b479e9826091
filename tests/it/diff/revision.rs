//! Beside a revision of git.

use std::path::Path;
use std::process::Command;

use super::*;

fn git(folder: &Path, arguments: &[&str]) {
    let author = ["-c", "user.name=A Planner", "-c", "user.email=planner@example.org"];
    let mut git = Command::new("git");
    let ran = git.arg("-C").arg(folder).args(author).args(arguments).output().unwrap();
    assert!(ran.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn a_revision_of_git_is_compared_without_a_checkout() {
    let project = TestProject::oslo();
    project.write("rules/shared/more.rhai", "fn more() { 1 }\n");
    git(project.path(), &["init", "--quiet"]);
    git(project.path(), &["add", "--all"]);
    git(project.path(), &["commit", "--quiet", "--message", "the plan as it was adopted"]);
    let diff = ["diff", "--against-git", "HEAD", "--now", "2011-02-10"];
    assert_snapshot!(project.frist(&diff).out(), @"Nothing changes; 247 mails in all, as before");
    edit(&project, RULES, &[("(responsible, 30.days.before)", "(responsible, 21.days.before)")]);
    expect_another_distance(&project.frist(&diff).out());
    // The configuration is that of the revision, too: the plan had another name in the next one.
    std::fs::rename(project.path().join("plan.json"), project.path().join("oslo æøå.json"))
        .unwrap();
    project.write("frist.toml", "plan = \"oslo æøå.json\"\nsend_at = \"07:00\"\n");
    git(project.path(), &["add", "--all"]);
    git(project.path(), &["commit", "--quiet", "--message", "renamed"]);
    let same = project.frist(&[&diff[..], &["--exit-code"]].concat());
    assert_eq!(same.code(), 0, "{}", same.out());
    let older =
        project.frist(&["diff", "--against-git", "HEAD~1", "--now", "2011-02-10", "--summary"]);
    assert_snapshot!(older.out(), @"126 notices moved; 5 mails more in all, 252 instead of 247");
    let unknown = project.frist(&["diff", "--against-git", "no-such-branch"]);
    assert_eq!(unknown.code(), 2);
    assert!(unknown.err().contains("git knows no revision `no-such-branch`"), "{}", unknown.err());
    let option = project.frist(&["diff", "--against-git=--output=x"]);
    assert_eq!(option.code(), 2);
}

#[test]
fn a_project_in_a_folder_of_a_repository_is_read_there() {
    let project = TestProject::oslo();
    let folder = project.path().join("plans");
    std::fs::create_dir(&folder).unwrap();
    for name in ["plan.json", "rules"] {
        std::fs::rename(project.path().join(name), folder.join(name)).unwrap();
    }
    git(project.path(), &["init", "--quiet"]);
    project.write("other.txt", "something else");
    git(project.path(), &["add", "other.txt"]);
    git(project.path(), &["commit", "--quiet", "--message", "no plan yet"]);
    git(project.path(), &["add", "--all"]);
    git(project.path(), &["commit", "--quiet", "--message", "the plan"]);
    let dir = folder.to_str().unwrap();
    let diff = |revision: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_frist"));
        let arguments =
            ["--dir", dir, "diff", "--against-git", revision, "--exit-code", "--now", "2011-02-10"];
        command.args(arguments).output().unwrap()
    };
    assert_eq!(diff("HEAD").status.code(), Some(0));
    let none = diff("HEAD~1");
    assert_eq!(none.status.code(), Some(2));
    let said = String::from_utf8(none.stderr).unwrap();
    assert_snapshot!(said, @"
    error: there is no plan.json in revision `HEAD~1`
      help: name a later revision, or another folder with --against DIR
    ");
}

#[test]
fn a_folder_without_a_repository_is_said_to_have_none() {
    let project = TestProject::oslo();
    let mut command = project.command(&["diff", "--against-git", "HEAD"]);
    // Whatever lies above the temporary folder.
    let ran =
        command.env("GIT_CEILING_DIRECTORIES", project.path().parent().unwrap()).output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("is in no git repository"), "{said}");
    let ran = project.command(&["diff", "--against-git", "HEAD"]).env("PATH", "").output().unwrap();
    assert_eq!(ran.status.code(), Some(3));
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("the program `git` cannot be run"), "{said}");
}
