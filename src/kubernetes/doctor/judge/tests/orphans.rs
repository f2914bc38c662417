//! What dead runs left, and whether a halt helps there.

use super::*;
use crate::kubernetes::journal::RunFound;
use crate::kubernetes::journal::page::{Entry, Page};
use crate::kubernetes::undo::UndoData;

#[test]
fn what_has_no_journal_is_not_left_to_a_halt() {
    let mut facts = healthy();
    facts.orphans.marked = vec![("Node n1".into(), "r-1_node-drain-0".into())];
    let findings = judge(&facts);
    let found = findings.iter().find(|one| one.what.contains("Node n1")).unwrap();
    let mend = found.mend.as_deref().unwrap();
    assert!(mend.contains("by hand") && !mend.contains("gameday halt"), "{mend}");
    // What a journal knows is.
    let entry = Entry {
        key: "node-drain-0".to_owned(),
        order: 0,
        step: "node-drain-0".to_owned(),
        deadline: NOW,
        undo: UndoData {
            run: "r-1".to_owned(),
            context: String::new(),
            server: String::new(),
            namespace: "shop".to_owned(),
            parts: Vec::new(),
        },
    };
    let page = Page { run: "r-1".to_owned(), entries: vec![entry], ..Page::default() };
    let run = RunFound { run: "r-1".to_owned(), page: Some(page), ..RunFound::default() };
    facts.runs = Ok(vec![run]);
    let findings = judge(&facts);
    let found = findings.iter().find(|one| one.what.contains("Node n1")).unwrap();
    assert!(found.mend.as_deref().unwrap().contains("gameday halt"), "{:?}", found.mend);
}
