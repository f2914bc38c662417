//! The questions that come before an action with consequences. Not their answers.

use super::action::ActionId;
use super::dialog::{Dialog, Pending};
use super::possible::selected;
use super::says::Says;
use super::ui::Ui;
use super::{fault, keymap, words};
use crate::exercise::id::InjectionId;
use crate::exercise::silencing;
use crate::exercise::state::{InjectionStatus, Stage, State};
use crate::exercise::{approval, go};
use crate::gameday::metric::grouped;
use crate::lang::Message;

/// The question before `action`; `None` where it needs none.
pub fn about(action: ActionId, state: &State, ui: &Ui) -> Option<Dialog> {
    let run = selected(state, ui);
    match action {
        ActionId::SkipPhase => Some(skip(state)),
        ActionId::Inject => run.map(|run| {
            let due = words::remaining(state.injection_due(run) - state.exercise_time(state.now));
            let late = Message::plain("ask-inject-late").with("due", due);
            let mut details: Vec<Says> = vec![late.into()];
            details.extend(approval::told(state, run.id).map(Says::from));
            injection(state, run.id, Pending::Inject(run.id), "ask-inject", details)
        }),
        ActionId::Cancel => run.map(|run| {
            let means = vec![plain("ask-cancel-means")];
            injection(state, run.id, Pending::Cancel(run.id), "ask-cancel", means)
        }),
        ActionId::Revert => run.map(|run| {
            let hits = Message::plain("ask-revert-hits").with("pods", run.victims.join(", "));
            let mut details = vec![hits.into()];
            let owed = fault::owed(run, state.planned(run.id));
            details.extend(owed.filter(|_| !run.undos.is_empty()));
            injection(state, run.id, Pending::Revert(run.id), "ask-revert", details)
        }),
        ActionId::Release => Some(Dialog::ask(
            Pending::Release,
            Message::plain("ask-release"),
            vec![plain("ask-release-means")],
        )),
        ActionId::Go => {
            Some(Dialog::ask(Pending::Override, Message::plain("ask-override"), failing(state)))
        }
        ActionId::Silence => Some(silence(state)),
        ActionId::LoadSet => {
            let key = keymap::shown(ActionId::LoadPlan, ui).unwrap_or_default();
            let now = Message::plain("ask-load-now")
                .with("rate", grouped(state.load.rate(state.now)))
                .with("key", key);
            Some(Dialog::ask(Pending::SetLoad, Message::plain("ask-load"), vec![now.into()]))
        }
        ActionId::Quit if state.stage == Stage::Closing => Some(Dialog::confirm(
            Pending::Leave,
            Message::plain("ask-leave"),
            vec![plain("ask-leave-means")],
        )),
        ActionId::Quit => Some(end(state)),
        _ => None,
    }
}

fn plain(key: &'static str) -> Says {
    Message::plain(key).into()
}

/// The question behind a score; `None`: the objective is measured, or there is none.
pub fn score(state: &State, objective: usize, met: bool) -> Option<Dialog> {
    let plan = state.plan().objectives.get(objective)?;
    if plan.measure.is_some() {
        return None;
    }
    Some(Dialog::ask(
        Pending::Score { objective, met },
        Message::plain(if met { "ask-met" } else { "ask-not-met" }),
        vec![Says::Text(plan.title.clone())],
    ))
}

/// Which alerts would be silenced, where, and for how long.
fn silence(state: &State) -> Dialog {
    let offered = state.plan().silences.iter().zip(&state.silencings);
    let offered = offered.filter(|(_, run)| run.status.is_offered());
    let mut details: Vec<Says> =
        offered.map(|(silence, _)| Says::Text(silence.to_string())).collect();
    let server = state.header.alertmanager.clone().unwrap_or_default();
    details.push(Message::plain("ask-silence-where").with("server", server).into());
    let lasts = words::span(silencing::LASTS);
    details.push(Message::plain("ask-silence-means").with("lasts", lasts).into());
    Dialog::confirm(Pending::Silence, Message::plain("ask-silence"), details)
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
    let mut details: Vec<Says> = vec![match state.plan().phases.get(index + 1) {
        Some(next) => Message::plain("ask-skip-next").with("phase", &next.name).into(),
        None => plain("ask-skip-last"),
    }];
    if !skipped.is_empty() {
        let skipped = skipped.join(", ");
        details.push(Message::plain("ask-skip-skipped").with("faults", skipped).into());
    }
    Dialog::confirm(Pending::SkipPhase, Message::plain("ask-skip").with("phase", name), details)
}

fn injection(
    state: &State,
    id: InjectionId,
    pending: Pending,
    asks: &'static str,
    mut details: Vec<Says>,
) -> Dialog {
    let planned = state.planned(id);
    let name = planned.map_or_else(|| id.to_string(), |planned| planned.name.clone());
    if let Some(planned) = planned {
        let on = Message::plain("ask-on")
            .saying("fault", fault::named(&planned.experiment.fault))
            .saying("whom", fault::whom::short(planned));
        details.insert(0, on.into());
    }
    Dialog::confirm(pending, Message::plain(asks).with("name", name), details)
}

fn failing(state: &State) -> Vec<Says> {
    let live = go::is_open(state).then(|| go::findings(state, state.now)).flatten();
    let seen = live.or_else(|| state.steady.last().map(|check| check.findings.clone()));
    seen.unwrap_or_default()
        .iter()
        .filter(|finding| !finding.holds)
        .map(|finding| {
            let unit = finding.limit.metric.unit();
            let failing = Message::plain("ask-override-failing")
                .with("metric", finding.limit.metric.to_string())
                .with("limit", words::limit(&finding.limit));
            match finding.value {
                Some(value) => failing.with("value", unit.show(value)),
                None => failing.naming("value", "no-data"),
            }
            .into()
        })
        .collect()
}

fn end(state: &State) -> Dialog {
    if state.is_watch() {
        let details = vec![plain("ask-end-watch-means"), plain("ask-end-watch-instead")];
        return Dialog::confirm(Pending::End, Message::plain("ask-end-watch"), details);
    }
    let live = state.live_injections().count();
    let faults = Message::plain("ask-end-faults").counting("count", live);
    let details = vec![faults.into(), plain("ask-end-means")];
    Dialog::confirm(Pending::End, Message::plain("ask-end"), details)
}
