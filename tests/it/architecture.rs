//! The arrows between modules are those of ARCHITECTURE.md's table.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module with those that it may use, as the table says.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let map = fs::read_to_string("ARCHITECTURE.md").unwrap();
    let rows = map.lines().filter(|line| {
        ["| ground", "| first", "| top"].iter().any(|floor| line.starts_with(floor))
    });
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let uses = cells[4].split_whitespace().map(str::to_owned).collect();
        (cells[2].trim_matches('`').to_owned(), uses)
    })
    .collect()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Returns the crate's modules that a file speaks of: `use crate::a::b`, `crate::a::b` and `use crate::{a, b}`.
fn spoken_of(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        let list = match rest.strip_prefix('{') {
            Some(rest) => rest.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        };
        for name in list {
            let name: String =
                name.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            found.insert(name);
        }
    }
    found.remove("");
    found
}

#[test]
fn arrows_between_modules_only_go_down() {
    let allowed = allowed();
    let mut paths = Vec::new();
    files(Path::new("src"), &mut paths);
    let mut wrong = Vec::new();
    for path in paths {
        let below = path.strip_prefix("src").unwrap();
        let module =
            below.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "");
        if module == "main" || module == "lib" {
            continue;
        }
        let uses =
            allowed.get(&module).unwrap_or_else(|| panic!("`{module}` is not in ARCHITECTURE.md"));
        for used in spoken_of(&fs::read_to_string(&path).unwrap()) {
            if used != module && !uses.contains(&used) && !uses.contains("everything") {
                wrong.push(format!("{}: {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "not in ARCHITECTURE.md's table:\n{}", wrong.join("\n"));
}

#[test]
fn the_table_names_every_module_once() {
    let library = fs::read_to_string("src/lib.rs").unwrap();
    let modules =
        library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let named: BTreeSet<String> = allowed().into_keys().collect();
    assert_eq!(modules.map(str::to_owned).collect::<BTreeSet<_>>(), named);
}

#[test]
fn every_file_says_what_lives_there() {
    let mut paths = Vec::new();
    files(Path::new("src"), &mut paths);
    files(Path::new("tests"), &mut paths);
    let silent: Vec<_> =
        paths.iter().filter(|path| !fs::read_to_string(path).unwrap().starts_with("//!")).collect();
    assert!(silent.is_empty(), "without a first line that says what lives there: {silent:?}");
}
