//! Names that may stand in measures, each once.

use std::collections::BTreeSet;

/// The longest name.
const LONGEST: usize = 60;

/// Names that were given.
#[derive(Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// `wanted` as a name, numbered where it is taken.
    pub(super) fn unused(&mut self, wanted: &str) -> String {
        let base = name(wanted);
        let mut found = base.clone();
        let mut number = 1;
        while !self.0.insert(found.clone()) {
            number += 1;
            found = format!("{base}-{number}");
        }
        found
    }
}

/// Any text as a name: it begins with a letter, and holds letters, digits and dashes.
pub(super) fn name(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() || c == '_' {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let from = out.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(out.len());
    let cut: String = out.chars().skip(from).take(LONGEST).collect();
    let cut = cut.trim_matches(['-', '_']);
    let reserved = matches!(cut, "and" | "or" | "in" | "for" | "during" | "baseline" | "recovery");
    match cut {
        "" => "experiment".to_owned(),
        cut if reserved => format!("{cut}-1"),
        cut => cut.to_owned(),
    }
}

/// The name of a file without its folder and ending.
pub(super) fn stem(file: &str) -> &str {
    let last = file.rsplit(['/', '\\']).next().unwrap_or(file);
    last.rsplit_once('.').map_or(last, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_becomes_a_name() {
        let mut names = Names::default();
        for (text, expected) in [
            ("Kill the pods!", "kill-the-pods"),
            ("kill-the-pods", "kill-the-pods-2"),
            ("01-net", "net"),
            ("", "experiment"),
            ("recovery", "recovery-1"),
        ] {
            assert_eq!(names.unused(text), expected);
        }
        assert_eq!(stem("a/b.c/01-kill.yaml"), "01-kill");
    }
}
