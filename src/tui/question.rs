//! The questions that come before an action with consequences. Not their answers.

use super::action::ActionId;
use super::dialog::{Dialog, Pending};
use super::possible::selected;
use super::says::Says;
use super::ui::Ui;
use super::words;
use crate::exercise::go;
use crate::exercise::id::InjectionId;
use crate::exercise::state::{InjectionStatus, Stage, State};
use crate::gameday::metric::grouped;

/// The question before `action`; `None` where it needs none.
pub fn about(action: ActionId, state: &State, ui: &Ui) -> Option<Dialog> {
    let run = selected(state, ui);
    match action {
        ActionId::SkipPhase => Some(skip(state)),
        ActionId::Inject => run.map(|run| {
            let due = words::remaining(state.injection_due(run) - state.exercise_time(state.now));
            let late = format!("planned in {due}; it will not start twice");
            injection(state, run.id, Pending::Inject(run.id), "Inject", "now?", vec![late])
        }),
        ActionId::Cancel => run.map(|run| {
            let means = "it will not run, and counts as skipped in the report".to_owned();
            injection(state, run.id, Pending::Cancel(run.id), "Cancel", "?", vec![means])
        }),
        ActionId::Revert => run.map(|run| {
            let mut details = vec![format!("hits {}", run.victims.join(", "))];
            details.extend(run.undos.iter().map(|undo| undo.what.clone()));
            injection(state, run.id, Pending::Revert(run.id), "Revert", "now?", details)
        }),
        ActionId::Release => Some(Dialog::ask(
            Pending::Release,
            "Release the emergency stop: why is it safe?".to_owned(),
            vec!["load and timeline go on where they were halted".to_owned().into()],
        )),
        ActionId::Go => Some(Dialog::ask(
            Pending::Override,
            "Start in spite of the no-go: why?".to_owned(),
            said(failing(state)),
        )),
        ActionId::LoadSet => {
            let now = grouped(state.load.rate(state.now));
            Some(Dialog::ask(
                Pending::SetLoad,
                "Set the load to how many requests per second?".to_owned(),
                vec![format!("now {now}/s; \\ gives it back to the plan").into()],
            ))
        }
        ActionId::Quit if state.stage == Stage::Closing => Some(Dialog::confirm(
            Pending::Leave,
            "Leave the screen now?".to_owned(),
            vec![
                "reverting goes on; what could not be undone is listed in the shell"
                    .to_owned()
                    .into(),
            ],
        )),
        ActionId::Quit => Some(end(state)),
        _ => None,
    }
}

/// The question behind a score; `None`: the objective is measured, or there is none.
pub fn score(state: &State, objective: usize, met: bool) -> Option<Dialog> {
    let plan = state.plan().objectives.get(objective)?;
    if plan.measure.is_some() {
        return None;
    }
    let word = if met { "met" } else { "not met" };
    Some(Dialog::ask(
        Pending::Score { objective, met },
        format!("Score as {word}: what did you see?"),
        vec![plan.title.clone().into()],
    ))
}

fn skip(state: &State) -> Dialog {
    let (index, name) = state
        .current_phase()
        .map_or((0, String::new()), |(index, phase, _)| (index, phase.name.clone()));
    let skipped: Vec<_> = state
        .injections
        .iter()
        .filter(|run| run.phase == index && run.status == InjectionStatus::Planned)
        .filter_map(|run| state.planned(run.id).map(|planned| planned.name.clone()))
        .collect();
    let mut details = vec![match state.plan().phases.get(index + 1) {
        Some(next) => format!("next is {}", next.name),
        None => "it is the last one: the exercise closes".to_owned(),
    }];
    if !skipped.is_empty() {
        details.push(format!("will be skipped: {}", skipped.join(", ")));
    }
    Dialog::confirm(Pending::SkipPhase, format!("End phase {name} now?"), said(details))
}

fn injection(
    state: &State,
    id: InjectionId,
    pending: Pending,
    verb: &str,
    end: &str,
    mut details: Vec<String>,
) -> Dialog {
    let planned = state.planned(id);
    let name = planned.map_or_else(|| id.to_string(), |planned| planned.name.clone());
    if let Some(planned) = planned {
        let what = words::fault(&planned.experiment.fault);
        details.insert(0, format!("{what} on {}", words::whom(planned)));
    }
    let space = if end == "?" { "" } else { " " };
    Dialog::confirm(pending, format!("{verb} {name}{space}{end}"), said(details))
}

fn failing(state: &State) -> Vec<String> {
    let live = go::is_open(state).then(|| go::findings(state, state.now)).flatten();
    let seen = live.or_else(|| state.steady.last().map(|check| check.findings.clone()));
    seen.unwrap_or_default()
        .iter()
        .filter(|finding| !finding.holds)
        .map(|finding| {
            let unit = finding.limit.metric.unit();
            let value = finding.value.map_or_else(|| "no data".to_owned(), |v| unit.show(v));
            format!("✗ {} is {value}, must be {}", finding.limit.metric, finding.limit)
        })
        .collect()
}

fn end(state: &State) -> Dialog {
    let live = state.live_injections().count();
    let details = vec![
        match live {
            0 => "no fault is active".to_owned(),
            1 => "1 fault is active and will be reverted first".to_owned(),
            many => format!("{many} faults are active and will be reverted first"),
        },
        "the load stops, and the report is written".to_owned(),
    ];
    Dialog::confirm(Pending::End, "End the exercise now?".to_owned(), said(details))
}

fn said(details: Vec<String>) -> Vec<Says> {
    details.into_iter().map(Says::Text).collect()
}
