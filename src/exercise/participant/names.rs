//! The names that would give a fault away where a title or a phase bears them. Not what people type.

use crate::gameday::plan::GameDay;

/// The names of a plan's faults and of their types, each as words between blanks.
#[derive(Clone, Debug)]
pub(super) struct Names(Vec<String>);

impl Names {
    /// Those of a plan.
    pub(super) fn of(plan: &GameDay) -> Self {
        let planned = plan.injections().map(|(_, planned)| planned);
        let mut names: Vec<String> = planned
            .flat_map(|planned| [planned.name.as_str(), planned.experiment.fault.kind()])
            .map(words)
            .filter(|name| !name.trim().is_empty())
            .collect();
        names.sort();
        names.dedup();
        Self(names)
    }

    /// The text, or in its place another one where it names a fault.
    pub(super) fn covered(&self, text: &str, other: impl FnOnce() -> String) -> String {
        let said = words(text);
        if self.0.iter().any(|name| said.contains(name)) { other() } else { text.to_owned() }
    }
}

/// Letters and digits, in words between blanks: `Pod-failure!` is ` pod failure `.
fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut said = String::from(" ");
    for word in words {
        said.push_str(word);
        said.push(' ');
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_written_and_never_within_a_word() {
        let names = Names(vec![words("database-slowdown"), words("lost")]);
        for (text, covered) in [
            ("The Database Slowdown", true),
            ("database_slowdown.", true),
            ("All is lost", true),
            ("The lostness of databases", false),
            ("database", false),
        ] {
            assert_eq!(names.covered(text, String::new).is_empty(), covered, "{text}");
        }
    }
}
