//! Every bad manifest begins with one line for every reason that must be told: where, why, and how to mend it.

use std::fs;
use std::path::PathBuf;

use gameday::kubernetes::chaos::rules::{as_it_stands, check};
use serde_json::Value;

use super::scenery::scene;
use super::schema::Schemas;

pub fn manifests(folder: &str) -> Vec<(PathBuf, String)> {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/kubernetes/manifests").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    files
}

fn found(text: &str) -> Vec<String> {
    let value: Value = serde_yaml::from_str(text).unwrap();
    check(&as_it_stands(value), &scene())
}

#[test]
fn every_bad_manifest_is_refused_with_its_own_words() {
    let files = manifests("bad");
    assert!(files.len() >= 100, "only {} files", files.len());
    let mut wrong = String::new();
    for (path, text) in files {
        let expected: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("# ")).collect();
        let found = found(&text);
        if found.is_empty() || found != expected {
            let head: Vec<String> = found.iter().map(|line| format!("# {line}")).collect();
            wrong.push_str(&format!("{}\n{}\n\n", path.display(), head.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "these say something else:\n{wrong}");
}

#[test]
fn every_good_manifest_is_taken() {
    let schemas = Schemas::given();
    for (path, text) in manifests("good") {
        assert_eq!(found(&text), Vec::<String>::new(), "{}", path.display());
        let value: Value = serde_yaml::from_str(&text).unwrap();
        schemas.check(&value);
    }
}
