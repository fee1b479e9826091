//! README's examples are what they say: its rules load, its scenario passes, its plan and configuration are read.

use std::fs;

use crate::project::TestProject;

/// Returns README's blocks in a language, without their fences.
fn blocks(language: &str) -> Vec<String> {
    let readme = fs::read_to_string("README.md").unwrap();
    let fence = format!("```{language}\n");
    let blocks =
        readme.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    blocks.collect()
}

#[test]
fn the_rules_load_and_the_scenario_passes_on_the_oslo_plan() {
    let blocks = blocks("rhai");
    let (scenarios, rules): (Vec<_>, Vec<_>) =
        blocks.iter().partition(|block| block.starts_with("scenario("));
    assert!(!scenarios.is_empty() && !rules.is_empty());
    let project = TestProject::oslo();
    for scenario in scenarios {
        project.write("rules/tests/readme.rhai", scenario);
        let ran = project.frist(&["test", "silent"]);
        assert_eq!(ran.code(), 0, "{}", ran.out());
    }
    fs::remove_dir_all(project.path().join("rules")).unwrap();
    for block in rules {
        project.write("rules/readme.rhai", block);
        let ran = project.frist(&["check"]);
        assert_eq!(ran.code(), 0, "{}", ran.out());
    }
}

#[test]
fn the_plan_is_read_and_so_is_the_configuration() {
    let project = TestProject::new();
    for block in blocks("json") {
        project.write("plan.json", &block);
        assert_eq!(project.frist(&["check"]).code(), 0, "{block}");
    }
    for block in blocks("toml") {
        let block = block.replace("/run/credentials/smtp", "password");
        project.write("password", "secret");
        project.write("frist.toml", &block);
        let ran = project.frist(&["check"]);
        assert_eq!(ran.code(), 0, "{}", ran.out());
    }
}
