//! `gameday check FILE…`: everything that is wrong with game day files, as text.

use super::manifests::fill;
use crate::gameday::metric::grouped;
use crate::gameday::problem::Severity;
use crate::gameday::problem::show::render;
use crate::gameday::read::{inspect, inspect_watch};
use crate::gameday::text::printable;
use crate::gameday::watch::Inspected;

/// What a check says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// For people.
    pub text: String,
    /// Whether every file can be run; warnings do not count.
    pub ok: bool,
}

/// Checks files that were read already: each either text with its file's name, or why it could not be read. Manifests that
/// they name are read from the folders of these names.
pub fn check(files: &[Result<(String, String), String>]) -> Checked {
    let mut checked = Checked { text: String::new(), ok: true };
    for file in files {
        match file {
            Ok((text, name)) => one(text, name, &mut checked),
            Err(error) => {
                checked.ok = false;
                checked.text.push_str(&format!("error: {}\n", printable(error, 400)));
            }
        }
    }
    checked
}

/// What says itself what is to be watched; `None`: it is to be a game day.
fn watched(text: &str, name: &str, checked: &mut Checked) -> Option<()> {
    let says = ["watch:", "apiVersion:", "version:"];
    text.lines().any(|line| says.iter().any(|key| line.starts_with(key))).then_some(())?;
    let (found, problems) = inspect_watch(name, text);
    checked.text.push_str(&render(&problems, text, name));
    let shown = printable(name, 200);
    let (errors, warnings) = (problems.count(Severity::Error), problems.count(Severity::Warning));
    let line = match found {
        Some(Inspected::Watch(watch)) => {
            let (panels, services) = (watch.panels.len(), watch.services.len());
            let what = format!("{}, {}", counted(panels, "panel"), counted(services, "SLO"));
            format!("{shown}: ok to watch: {what}, {}", counted(warnings, "warning"))
        }
        _ => {
            checked.ok = false;
            format!("{shown}: {}, {}", counted(errors, "error"), counted(warnings, "warning"))
        }
    };
    checked.text.push_str(&line);
    checked.text.push('\n');
    Some(())
}

fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

fn one(text: &str, name: &str, checked: &mut Checked) {
    if watched(text, name, checked).is_some() {
        return;
    }
    let (plan, problems) = inspect(text, name);
    checked.text.push_str(&render(&problems, text, name));
    let shown = printable(name, 200);
    let (errors, warnings) = (problems.count(Severity::Error), problems.count(Severity::Warning));
    let line = match plan.map(|mut plan| fill(&mut plan, name).map(|()| plan)) {
        Some(Err(why)) => {
            checked.ok = false;
            checked.text.push_str(&why);
            format!("{shown}: its manifests cannot be used")
        }
        Some(Ok(plan)) => {
            let total: f64 = plan
                .phases
                .iter()
                .filter_map(|phase| Some(phase.load.as_ref()?.total(phase.duration)))
                .sum();
            let good = format!(
                "{shown}: ok: {}, {}, {}, {} requests",
                plan.duration(),
                counted(plan.phases.len(), "phase"),
                counted(plan.injections().count(), "injection"),
                grouped(total)
            );
            let good = match plan.queries.len() {
                0 => good,
                1 => format!("{good}, 1 query"),
                queries => format!("{good}, {queries} queries"),
            };
            if warnings == 0 { good } else { format!("{good}; {}", counted(warnings, "warning")) }
        }
        None => {
            checked.ok = false;
            format!("{shown}: {}, {}", counted(errors, "error"), counted(warnings, "warning"))
        }
    };
    checked.text.push_str(&line);
    checked.text.push('\n');
}
