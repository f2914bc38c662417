//! Facts that are no metric: of injections, circuit breakers, the data, and what teams did. Not of incidents.

use super::value::{Reading, count, time};
use super::window::{Window, idle, run_of};
use crate::exercise::log::EntryKind;
use crate::exercise::resilience::{
    BreakerFigures, FailoverTime, breakers, failover_time, longest_interruption, lost_time,
};
use crate::exercise::said::{Said, said};
use crate::exercise::state::{InjectionRun, State};
use crate::exercise::times::{self, Detection, Recovery};
use crate::gameday::measure::{BreakerFact, Fact, InjectionFact};
use crate::gameday::metric::grouped;
use crate::gameday::span::Span;

/// A time of an injection.
pub(super) fn injection(state: &State, fact: InjectionFact, name: &str) -> Reading {
    let run = match run_of(state, name) {
        Ok(run) => run,
        Err(why) => return Reading::Missing(why),
    };
    let idle = || Reading::Missing(idle(name));
    if run.t0.is_none() {
        return idle();
    }
    match fact {
        InjectionFact::RecoveryTime => recovery(state, run, name),
        InjectionFact::TimeToDetect => match times::detection(state, run) {
            Detection::NotInEffect => idle(),
            Detection::NotDetected => {
                Reading::Never(said!("evidence-undetected", "{name} was not detected", name = name))
            }
            Detection::Detected { incident, team, taken } => {
                let words = said!(
                    "evidence-detected",
                    "{name} detected after {after} by {team} ({incident})",
                    name = name,
                    after = taken.running,
                    team = team,
                    incident = incident
                );
                time(taken.running, words)
            }
        },
        InjectionFact::FailoverTime => stand_in(state, run, name),
        InjectionFact::Rto => interruption(state, run, name),
        InjectionFact::Rpo => loss(state, run, name),
    }
}

fn stand_in(state: &State, run: &InjectionRun, name: &str) -> Reading {
    match failover_time(state, run) {
        FailoverTime::NotInEffect => Reading::Missing(idle(name)),
        FailoverTime::NoData => Reading::Missing(said!(
            "evidence-no-stand-in-read",
            "nobody read whether a stand-in answered after {name}",
            name = name
        )),
        FailoverTime::Never => Reading::Never(said!(
            "evidence-no-stand-in",
            "nothing stood in after {name}",
            name = name
        )),
        FailoverTime::After(span) => {
            let words = said!(
                "evidence-stand-in",
                "a stand-in answered within {span} after {name}",
                span = span,
                name = name
            );
            time(span, words)
        }
    }
}

fn interruption(state: &State, run: &InjectionRun, name: &str) -> Reading {
    match longest_interruption(state, run) {
        None => Reading::Missing(unmeasured(name)),
        Some(Span::ZERO) => time(
            Span::ZERO,
            said!("evidence-no-interruption", "no interruption after {name}", name = name),
        ),
        Some(span) => time(
            span,
            said!(
                "evidence-interruption",
                "longest interruption after {name} {span}",
                name = name,
                span = span
            ),
        ),
    }
}

fn loss(state: &State, run: &InjectionRun, name: &str) -> Reading {
    match lost_time(state, run) {
        None => Reading::Missing(said!(
            "evidence-not-inside",
            "nobody looked inside the target after {name}",
            name = name
        )),
        Some(Span::ZERO) => {
            time(Span::ZERO, said!("evidence-no-loss", "no commit was lost to {name}", name = name))
        }
        Some(span) => time(
            span,
            said!(
                "evidence-loss",
                "commits of the last {span} were lost to {name}",
                span = span,
                name = name
            ),
        ),
    }
}

fn recovery(state: &State, run: &InjectionRun, name: &str) -> Reading {
    match times::recovery(state, run) {
        Recovery::NotInEffect => Reading::Missing(idle(name)),
        Recovery::NoSteadyState => {
            Reading::Missing(said!("evidence-no-steady", "the game day names no steady state"))
        }
        Recovery::NoData => Reading::Missing(unmeasured(name)),
        Recovery::NeverLeft => time(
            Span::ZERO,
            said!(
                "evidence-never-left",
                "the steady state was never left after {name}",
                name = name
            ),
        ),
        Recovery::NotRecovered { .. } => Reading::Never(said!(
            "evidence-not-back",
            "the steady state did not come back after {name}",
            name = name
        )),
        Recovery::Recovered { took, .. } => time(
            took,
            said!("evidence-recovery", "recovery time of {name} {took}", name = name, took = took),
        ),
    }
}

fn unmeasured(name: &str) -> Said {
    said!("evidence-unmeasured-after", "nothing was measured after {name}", name = name)
}

/// A figure of the breakers of `app`.
pub(super) fn breaker(fact: BreakerFact, app: &str, window: &Window<'_>) -> Reading {
    let Some(BreakerFigures { opened, open_for }) = breakers(window.figures.readings, app) else {
        let what = said!(
            "evidence-no-breaker",
            "no circuit breaker of {app} was read {window}",
            app = app,
            window = &window.words
        );
        return Reading::Missing(what);
    };
    match fact {
        BreakerFact::Opened => {
            let words = said!(
                "evidence-breakers-opened",
                "breakers of {app} opened {times} {window}",
                app = app,
                times = times_word(opened),
                window = &window.words
            );
            count(opened, words)
        }
        BreakerFact::OpenTime => {
            let words = said!(
                "evidence-breakers-open",
                "breakers of {app} open for {span} {window}",
                app = app,
                span = open_for,
                window = &window.words
            );
            time(open_for, words)
        }
    }
}

fn times_word(count: u64) -> Said {
    match count {
        1 => said!("counts-once", "once"),
        count => said!("counts-times", "{count} times", count = grouped(count as f64)),
    }
}

/// A figure about the data or the teams.
pub(super) fn fact(state: &State, fact: Fact) -> Reading {
    match fact {
        Fact::Actions => {
            let pulled = state.levers.len() as u64;
            count(pulled, said!("evidence-actions", "actions of teams {count}", count = pulled))
        }
        Fact::FixesDeployed => {
            let worked =
                |outcome: &Option<(_, Result<Said, Said>)>| matches!(outcome, Some((_, Ok(_))));
            let fixes =
                state.levers.iter().filter(|run| run.lever.changes() && worked(&run.outcome));
            // On a target without levers people say so.
            let said = state.log.iter().filter(|entry| entry.kind == EntryKind::Fix).count() as u64;
            let fixes = fixes.count() as u64 + said;
            count(fixes, said!("evidence-fixes", "fixes deployed {count}", count = fixes))
        }
        Fact::Missing | Fact::Extra | Fact::Changed | Fact::Discrepancies | Fact::LostWrites => {
            data(state, fact)
        }
    }
}

fn data(state: &State, fact: Fact) -> Reading {
    let check = match &state.integrity {
        None => {
            let why =
                said!("evidence-no-comparison", "the data was not compared with a checkpoint");
            return Reading::Missing(why);
        }
        Some(Err(why)) => {
            let why =
                said!("evidence-not-compared", "the data could not be compared: {why}", why = why);
            return Reading::Missing(why);
        }
        Some(Ok(check)) => check,
    };
    if fact == Fact::LostWrites {
        let told = grouped(check.acknowledged as f64);
        let words = said!(
            "evidence-lost",
            "lost writes {lost} of {told} acknowledged",
            lost = check.lost,
            told = told
        );
        return count(check.lost, words);
    }
    let (word, of): (_, fn(&crate::exercise::reading::TableComparison) -> u64) = match fact {
        Fact::Missing => (said!("rows-missing", "missing"), |table| table.missing),
        Fact::Extra => (said!("rows-extra", "extra"), |table| table.extra),
        Fact::Changed => (said!("rows-changed", "changed"), |table| table.changed),
        _ => (said!("rows-wrong", "missing, extra or changed"), |table| {
            table.missing + table.extra + table.changed
        }),
    };
    let sum: u64 = check.tables.iter().map(of).sum();
    let rows: u64 = check.tables.iter().map(|table| table.rows).sum();
    let tables = check.tables.len();
    let words = said!(
        "evidence-rows",
        "rows {which}: {sum} (of {rows} in {tables} tables)",
        which = word,
        sum = grouped(sum as f64),
        rows = grouped(rows as f64),
        tables = tables
    );
    count(sum, words)
}
