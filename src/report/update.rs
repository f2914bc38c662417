//! A status update for customers or colleagues, from a template: what is broken, and which incidents are open. Everything in
//! it is known to participants as well: no fault and nothing that is planned. Not the sending of it.

use std::sync::Arc;

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::seen::seen;
use super::template::{bare, why};
use super::words::{length, word};
use crate::exercise::incident::Incident;
use crate::exercise::participant::Teller;
use crate::exercise::promise::Violation;
use crate::exercise::state::State;
use crate::gameday::people::Role;
use crate::gameday::plan::Slo;
use crate::lang::{Lang, Language};

/// Ours, by language.
const ENGLISH: &str = include_str!("update/en.md.j2");
const JAPANESE: &str = include_str!("update/ja.md.j2");
/// The name of the user's own, as its errors have it.
pub const OWN: &str = "updates.md.j2";
/// So many steps a template may take.
const FUEL: u64 = 1_000_000;

/// What a template has at hand. `docs/updates.md` describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// `en`, `ja`.
    pub lang: &'static str,
    /// It is an exercise, and nothing real has happened in it.
    pub exercise: bool,
    /// `2026-11-22`, in UTC.
    pub date: String,
    /// `16:05`, in UTC.
    pub time: String,
    /// Whether any promise has a value now.
    pub measured: bool,
    /// Promises without a value now that are not known to be broken.
    pub unmeasured: Vec<String>,
    /// Promises that are broken, in the plan's order.
    pub broken: Vec<Broken>,
    /// Incidents that are open, the worst first.
    pub incidents: Vec<Open>,
}

/// A promise that is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    pub name: String,
    /// `97.1 %`; `None`: no data.
    pub value: Option<String>,
    /// `≥ 99.9%`.
    pub limit: String,
    pub worst: String,
    /// `16:05`, in UTC.
    pub since: String,
    /// `4m05s`.
    pub lasts: String,
}

/// An incident that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Open {
    pub id: u32,
    pub severity: String,
    pub title: String,
    pub team: String,
    pub status: String,
    /// `16:05`, in UTC.
    pub status_since: String,
    pub since: String,
    /// `4m05s`.
    pub lasts: String,
    /// Who leads, where somebody does.
    pub commander: Option<String>,
}

/// How things stand, as far as anybody may be told.
pub fn facts(state: &State, lang: &Lang) -> Facts {
    // The plan as participants know it: the name of a promise may name a fault.
    let plan = Teller::new(Arc::clone(&state.header)).header().plan;
    let slos = || plan.slos.iter().zip(&state.slos);
    let unmeasured = slos().filter(|(_, run)| run.value.is_none() && run.breached().is_none());
    let broken = slos().filter_map(|(slo, run)| Some((slo, run.value, run.breached()?)));
    let mut open: Vec<&Incident> =
        state.incidents.iter().filter(|one| !one.status.is_closed()).collect();
    open.sort_by_key(|one| (one.severity, one.id));
    Facts {
        lang: lang.language().code(),
        exercise: state.header.drill && state.real.is_none(),
        date: shown(state.now.wall, "%Y-%m-%d"),
        time: minute(state.now.wall),
        measured: state.slos.iter().any(|run| run.value.is_some()),
        unmeasured: unmeasured.map(|(slo, _)| seen(&slo.name)).collect(),
        broken: broken.map(|(slo, value, one)| broken_one(state, slo, value, one)).collect(),
        incidents: open.into_iter().map(|one| open_one(state, one, lang)).collect(),
    }
}

fn broken_one(state: &State, slo: &Slo, value: Option<f64>, violation: &Violation) -> Broken {
    let unit = slo.limit.metric.unit();
    let least = slo.limit.min.map(|min| format!("≥ {}", unit.show(min)));
    let most = slo.limit.max.map(|max| format!("≤ {}", unit.show(max)));
    let limits: Vec<String> = least.into_iter().chain(most).collect();
    Broken {
        name: seen(&slo.name),
        value: value.map(|value| unit.show(value)),
        limit: limits.join(", "),
        worst: unit.show(violation.worst),
        since: minute(violation.from.wall),
        lasts: length(state.now.since(violation.from).as_millis()),
    }
}

fn open_one(state: &State, one: &Incident, lang: &Lang) -> Open {
    let status_since = one.moves.last().map_or(one.opened, |(at, ..)| *at);
    let commander = state.people.holders(Role::IncidentCommander).next();
    Open {
        id: one.id.0,
        severity: one.severity.to_string(),
        title: seen(&one.title),
        team: seen(&one.team),
        status: word(lang, &one.status.to_string()),
        status_since: minute(status_since.wall),
        since: minute(one.opened.wall),
        lasts: length(state.now.since(one.opened).as_millis()),
        commander: commander.map(|held| seen(&held.person)),
    }
}

fn minute(wall: i64) -> String {
    shown(wall, "%H:%M")
}

fn shown(wall: i64, format: &str) -> String {
    chrono::DateTime::from_timestamp_millis(wall)
        .map_or_else(|| "?".to_owned(), |at| at.format(format).to_string())
}

/// The text that is ready to be sent, by the user's own template or by ours.
///
/// # Errors
/// What is wrong with the template, for people.
pub fn text(state: &State, lang: &Lang, own: Option<&str>) -> Result<String, String> {
    let ours = match lang.language() {
        Language::English => ENGLISH,
        Language::Japanese => JAPANESE,
    };
    let mut environment = bare(Some(FUEL));
    let facts = serde_json::to_value(facts(state, lang)).unwrap_or_default();
    let filled = environment
        .add_template(OWN, own.unwrap_or(ours))
        .and_then(|()| environment.get_template(OWN)?.render(Value::from(Serde(&facts))));
    let text = filled.map_err(|error| why(&error, OWN))?;
    // A template of the user may hold anything; ends of lines stay.
    let lines: Vec<String> = text.trim_matches('\n').lines().map(line).collect();
    Ok(lines.join("\n"))
}

/// In a line nothing acts or hides; the blank at its end stays, behind which somebody writes.
fn line(text: &str) -> String {
    let blank = if text.ends_with(' ') { " " } else { "" };
    let start: String = text.chars().take_while(|one| *one == ' ').collect();
    if text.trim().is_empty() { String::new() } else { format!("{start}{}{blank}", seen(text)) }
}
