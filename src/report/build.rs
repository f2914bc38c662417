//! Finds out what a report says, from the state at the end of a recording. Pure; not the writing of it.

mod address;
mod crew;
mod data;
mod felt;
mod injections;
mod inside;
mod people;
pub(super) mod pins;
mod promises;
mod rules;
mod silences;
mod watch;

use super::model::{
    Ending, Injection, Length, Objective, Overall, Override, Phase, Report, Score, Totals,
};
use super::suggest;
use super::time::moment;
use crate::exercise::event::{Outcome, PhaseEnd};
use crate::exercise::judge;
use crate::exercise::said::Said;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::gameday::plan::Target;
use crate::gameday::span::Span;
use crate::lang::{Lang, Language};

/// The format of the JSON report.
const REPORT_VERSION: u32 = 1;

impl Report {
    /// The report on an exercise as it stands after its last event, its sentences in English.
    pub fn from_state(state: &State) -> Self {
        Self::in_language(state, &Lang::new(Language::English))
    }

    /// The same, with what the exercise itself said in the language of `lang`.
    pub fn in_language(state: &State, lang: &Lang) -> Self {
        let say = |said: &Said| lang.said(said).into_owned();
        let header = &state.header;
        let plan = state.plan();
        let began = Stamp::new(Default::default(), header.began);
        let verdicts = judge::judge_all(state);
        let overall = judge::overall(&verdicts);
        let watched = state.is_watch();
        let mut report = Self {
            gameday_report: REPORT_VERSION,
            exercise: header.exercise.clone(),
            program: header.program.clone(),
            name: plan.name.clone(),
            title: plan.title.clone(),
            hypothesis: plan.hypothesis.clone(),
            target: target(&plan.target),
            defences: plan.defences.off().next().map(|_| plan.defences.to_string()),
            rollback: plan.rollback.clone(),
            teams: plan.teams.clone(),
            seed: header.seed,
            ceiling: header.ceiling.to_string(),
            headless: header.headless,
            drill: header.drill,
            watch: watch::watch(state, lang),
            warnings: header.rehearsal.map(|one| say(&one.said())).into_iter().collect(),
            began: moment(state, began),
            last: moment(state, state.now),
            planned_ms: plan.duration().as_millis(),
            ran: Length {
                running_ms: running(state).as_millis(),
                total_ms: state.now.elapsed.as_millis(),
            },
            ending: state
                .outcome
                .as_ref()
                .map(|(outcome, why)| Ending { outcome: outcome_word(*outcome), why: say(why) }),
            overall: Overall {
                objectives_met: overall.objectives_met(),
                words: overall.to_string(),
                met: overall.met,
                not_met: overall.not_met,
                no_data: overall.no_data,
                not_scored: overall.not_scored,
            },
            objectives: objectives(state, &verdicts, lang),
            totals: Totals::default(),
            felt: felt::felt(felt::whole(state).points),
            outside_ms: if watched { promises::outside_any(state) } else { rules::outside(state) },
            phases: (0..plan.phases.len()).filter_map(|index| phase(state, index)).collect(),
            curve: felt::curve(state),
            series: felt::series(state),
            injections: injections::injections(state, lang),
            impact: inside::impact(state),
            inside: inside::inside(state, lang),
            actions: inside::actions(state, lang),
            left: injections::left(state, lang),
            slos: if watched { promises::slos(state) } else { rules::slos(state) },
            steady: rules::steady(state),
            no_go_override: state.overridden.clone().map(|(by, reason)| Override { by, reason }),
            guardrails: rules::guardrails(state),
            pauses: rules::pauses(state, lang),
            silences: silences::silences(state, lang),
            incidents: people::incidents(state),
            times: people::times(state),
            people: crew::crew(state, lang),
            suggestions: Vec::new(),
            lessons: people::lessons(state, lang),
            pins: pins::pins(state),
            log: people::log(state, lang),
        };
        report.totals = totals(&report);
        report.suggestions = suggest::suggestions(state, &report, lang);
        report
    }

    /// The same report, saying what is odd about the recording it was made from.
    #[must_use]
    pub fn with_warnings(mut self, warnings: Vec<String>) -> Self {
        self.warnings = warnings;
        self
    }
}

/// How long it ran on its clock; of a watch, how long somebody watched.
fn running(state: &State) -> Span {
    if state.is_watch() { watch::watched(state) } else { state.exercise_time(state.now) }
}

fn totals(report: &Report) -> Totals {
    let count = |which: &dyn Fn(&Injection) -> bool| {
        report.injections.iter().filter(|one| which(one)).count()
    };
    let halts = report.pauses.iter().filter(|pause| pause.kind == "halt").count();
    Totals {
        objectives: report.objectives.len(),
        injections: report.injections.len(),
        in_effect: count(&|one| one.t0.is_some()),
        detected: count(&|one| one.incident.is_some()),
        reverted: count(&|one| one.t0.is_some() && one.reverted.is_some()),
        violations: report.slos.iter().map(|slo| slo.violations.len()).sum(),
        incidents: report.incidents.len(),
        false_alarms: report.incidents.iter().filter(|one| one.status == "false alarm").count(),
        holds: report.pauses.len() - halts,
        halts,
    }
}

fn objectives(state: &State, verdicts: &[judge::Verdict], lang: &Lang) -> Vec<Objective> {
    let both = state.plan().objectives.iter().zip(verdicts);
    both.map(|(objective, verdict)| Objective {
        title: objective.title.clone(),
        measure: objective.measure.as_ref().map(|measure| measure.source.clone()),
        answer: verdict.answer.word(),
        evidence: lang.said(&verdict.evidence).into_owned(),
        score: verdict.score.as_ref().map(|score| Score {
            met: score.met,
            by: score.by.clone(),
            reason: score.reason.clone(),
        }),
    })
    .collect()
}

fn phase(state: &State, index: usize) -> Option<Phase> {
    let (plan, run) = (state.plan().phases.get(index)?, state.phases.get(index)?);
    let started = run.started.map(|(_, at)| at);
    let ended = run.ended.map(|(_, at, _)| at);
    let points = started.map_or(&[][..], |from| {
        state.series.within(from.elapsed, ended.unwrap_or(state.now).elapsed)
    });
    Some(Phase {
        name: plan.name.clone(),
        planned_ms: plan.duration.as_millis(),
        extension_ms: run.extension.as_millis(),
        started: started.map(|at| moment(state, at)),
        ended: ended.map(|at| moment(state, at)),
        how: match (run.ended, started) {
            (Some((_, _, PhaseEnd::Completed)), _) => "completed",
            (Some((_, _, PhaseEnd::Skipped)), _) => "skipped",
            (Some((_, _, PhaseEnd::Cut)), _) => "cut",
            (None, Some(_)) => "running",
            (None, None) => "not run",
        },
        felt: felt::felt(points),
    })
}

const fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "completed",
        Outcome::EndedEarly => "ended early",
        Outcome::Halted => "halted",
        Outcome::NotStarted => "not started",
        Outcome::Died => "died",
    }
}

/// What was tested. A user and a password in an address are secrets.
fn target(target: &Target) -> String {
    match target {
        Target::Lab => "lab".to_owned(),
        Target::Kubernetes(cluster) => match &cluster.namespace {
            Some(namespace) => format!("kubernetes, namespace {namespace}"),
            None => "kubernetes".to_owned(),
        },
        Target::Url { url } => address::without_user(url),
    }
}
