//! The guide to writing rules: the files in docs are what the program prints, and every example in them runs.

use std::fs;
use std::process::Command;
use std::sync::Arc;

use frist::mail::check_template;
use frist::plan::{Plan, json};
use frist::rules::{self, Source, load, probe, scenario};

const GUIDES: [(&str, &str); 2] = [("nb", "docs/rules.md"), ("en", "docs/rules.en.md")];

fn printed(language: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frist"));
    let output = command.args(["rules", "--guide", "--language", language]).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the blocks of a guide that are marked as Rhai, with the lines on which they begin.
fn blocks(guide: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut lines = guide.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(indent) = line.strip_suffix("```rhai") else { continue };
        let inner = lines.by_ref().map(|(_, line)| line);
        let block = inner.take_while(|line| line.trim() != "```");
        let block: Vec<&str> =
            block.map(|line| line.strip_prefix(indent).unwrap_or(line)).collect();
        found.push((number + 2, block.join("\n")));
    }
    found
}

/// Returns everything that is wrong with a block, as a rule or scenario file of the Oslo plan.
fn faults(plan: &Arc<Plan>, text: &str) -> Vec<String> {
    let source = Source {
        file: "rules/guide.rhai".to_owned(),
        name: "guide".to_owned(),
        text: text.to_owned(),
        import_only: false,
    };
    if text.starts_with("scenario(") {
        let scenarios = scenario::load(&[source]);
        return scenarios.findings.iter().map(ToString::to_string).collect();
    }
    let loaded = load(std::slice::from_ref(&source), &Arc::new(ids(plan)));
    let mut found: Vec<String> = loaded.findings.iter().map(ToString::to_string).collect();
    let failed = probe(&loaded.rules, plan);
    found.extend(failed.iter().map(|fault| rules::finding(fault, text).to_string()));
    for rule in &loaded.rules.list {
        let templates = [&rule.subject, &rule.text].into_iter().flatten();
        found.extend(
            templates.filter_map(|text| Some(check_template(&text.template).err()?.to_string())),
        );
    }
    if loaded.rules.list.is_empty() {
        found.push("it declares no rule".to_owned());
    }
    found
}

fn ids(plan: &Plan) -> std::collections::BTreeSet<frist::plan::Id> {
    plan.units.iter().map(|unit| unit.id.clone()).collect()
}

/// After a change of the words or of the guide's templates, the failure says how to write the files anew.
#[test]
fn the_guides_in_docs_are_those_that_the_program_prints() {
    for (language, path) in GUIDES {
        let written = fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == printed(language),
            "{path} is stale: cargo run -- rules --guide --language {language} > {path}"
        );
    }
}

#[test]
fn every_example_in_the_guides_runs_on_the_oslo_plan() {
    let text = fs::read_to_string("plan.json").unwrap();
    let plan = Arc::new(json::read(&text, "plan.json").plan.unwrap());
    for (language, path) in GUIDES {
        let blocks = blocks(&printed(language));
        assert!(blocks.len() > 20, "{path}: {}", blocks.len());
        for (line, block) in blocks {
            let faults = faults(&plan, &block);
            assert!(faults.is_empty(), "{path}:{line}:\n{block}\n\n{}", faults.join("\n"));
        }
    }
}

#[test]
fn both_guides_teach_the_same() {
    let shape = |language: &str| {
        let guide = printed(language);
        let level = |line: &str| line.chars().take_while(|c| *c == '#').count();
        let headings: Vec<usize> = guide.lines().map(level).filter(|level| *level > 0).collect();
        (
            headings,
            blocks(&guide).len(),
            guide.lines().filter(|line| line.starts_with("| ")).count(),
        )
    };
    assert_eq!(shape("nb"), shape("en"));
    assert_eq!(printed("nb"), printed("nn"));
}

#[test]
fn every_link_within_a_guide_leads_to_a_heading() {
    for (language, path) in GUIDES {
        let guide = printed(language);
        let anchor = |line: &str| {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            heading
                .chars()
                .filter(|c| c.is_alphanumeric() || " -".contains(*c))
                .collect::<String>()
                .replace(' ', "-")
        };
        let anchors: Vec<String> =
            guide.lines().filter(|line| line.starts_with("## ")).map(anchor).collect();
        for link in guide.split("](#").skip(1) {
            let link = link.split(')').next().unwrap();
            assert!(anchors.iter().any(|anchor| anchor == link), "{path}: no heading for #{link}");
        }
    }
}
