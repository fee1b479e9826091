//! docs/security.md names the test that holds each of its promises, and each of those tests is there.

use std::collections::BTreeSet;
use std::fs;

/// Returns each `file.rs::name` of the page.
fn named(page: &str) -> BTreeSet<(String, String)> {
    let words = page.split('`').skip(1).step_by(2);
    words
        .filter_map(|word| word.split_once(".rs::"))
        .map(|(file, name)| (format!("{file}.rs"), name.to_owned()))
        .collect()
}

#[test]
fn every_test_that_the_threat_model_names_is_there() {
    let page = fs::read_to_string("docs/security.md").unwrap();
    let named = named(&page);
    assert!(named.len() >= 40, "{} tests are named", named.len());
    for (file, name) in named {
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let (before, _) = text
            .split_once(&format!("fn {name}("))
            .unwrap_or_else(|| panic!("{file} has no test `{name}`"));
        let attributes = before.rsplit("\n\n").next().unwrap();
        assert!(attributes.contains("test"), "`{name}` in {file} is no test");
    }
}

#[test]
fn every_threat_has_its_test() {
    let page = fs::read_to_string("docs/security.md").unwrap();
    let (_, threats) = page.split_once("\n## Threats").unwrap();
    let threats = threats.split("\n## ").next().unwrap();
    for threat in threats.split("\n### ").skip(1) {
        let title = threat.lines().next().unwrap();
        assert!(threat.contains(".rs::"), "nothing holds \"{title}\"");
    }
}
