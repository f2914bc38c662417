//! Facts that are no metric: of injections, circuit breakers, the data, and what teams did. Not of incidents.

use super::value::{Reading, count, time};
use super::window::{Window, run_of};
use crate::exercise::log::EntryKind;
use crate::exercise::resilience::{
    BreakerFigures, FailoverTime, breakers, failover_time, longest_interruption, lost_time,
};
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
    let idle = || Reading::Missing(format!("{name} never took effect"));
    if run.t0.is_none() {
        return idle();
    }
    match fact {
        InjectionFact::RecoveryTime => recovery(state, run, name),
        InjectionFact::TimeToDetect => match times::detection(state, run) {
            Detection::NotInEffect => idle(),
            Detection::NotDetected => Reading::Never(format!("{name} was not detected")),
            Detection::Detected { incident, team, taken } => {
                let words =
                    format!("{name} detected after {} by {team} ({incident})", taken.running);
                time(taken.running, words)
            }
        },
        InjectionFact::FailoverTime => match failover_time(state, run) {
            FailoverTime::NotInEffect => idle(),
            FailoverTime::NoData => {
                Reading::Missing(format!("nobody read whether a stand-in answered after {name}"))
            }
            FailoverTime::Never => Reading::Never(format!("nothing stood in after {name}")),
            FailoverTime::After(span) => {
                time(span, format!("a stand-in answered within {span} after {name}"))
            }
        },
        InjectionFact::Rto => match longest_interruption(state, run) {
            None => Reading::Missing(format!("nothing was measured after {name}")),
            Some(Span::ZERO) => time(Span::ZERO, format!("no interruption after {name}")),
            Some(span) => time(span, format!("longest interruption after {name} {span}")),
        },
        InjectionFact::Rpo => match lost_time(state, run) {
            None => Reading::Missing(format!("nobody looked inside the target after {name}")),
            Some(Span::ZERO) => time(Span::ZERO, format!("no commit was lost to {name}")),
            Some(span) => time(span, format!("commits of the last {span} were lost to {name}")),
        },
    }
}

fn recovery(state: &State, run: &InjectionRun, name: &str) -> Reading {
    match times::recovery(state, run) {
        Recovery::NotInEffect => Reading::Missing(format!("{name} never took effect")),
        Recovery::NoSteadyState => Reading::Missing("the game day names no steady state".into()),
        Recovery::NoData => Reading::Missing(format!("nothing was measured after {name}")),
        Recovery::NeverLeft => {
            time(Span::ZERO, format!("the steady state was never left after {name}"))
        }
        Recovery::NotRecovered { .. } => {
            Reading::Never(format!("the steady state did not come back after {name}"))
        }
        Recovery::Recovered { took, .. } => time(took, format!("recovery time of {name} {took}")),
    }
}

/// A figure of the breakers of `app`.
pub(super) fn breaker(fact: BreakerFact, app: &str, window: &Window<'_>) -> Reading {
    let Some(BreakerFigures { opened, open_for }) = breakers(window.figures.readings, app) else {
        let what = format!("no circuit breaker of {app} was read {}", window.words);
        return Reading::Missing(what);
    };
    match fact {
        BreakerFact::Opened => {
            let words = format!("breakers of {app} opened {} {}", times_word(opened), window.words);
            count(opened, words)
        }
        BreakerFact::OpenTime => {
            time(open_for, format!("breakers of {app} open for {open_for} {}", window.words))
        }
    }
}

fn times_word(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{} times", grouped(count as f64)) }
}

/// A figure about the data or the teams.
pub(super) fn fact(state: &State, fact: Fact) -> Reading {
    match fact {
        Fact::Actions => {
            let pulled = state.levers.len() as u64;
            count(pulled, format!("actions of teams {pulled}"))
        }
        Fact::FixesDeployed => {
            let worked =
                |outcome: &Option<(_, Result<String, String>)>| matches!(outcome, Some((_, Ok(_))));
            let fixes =
                state.levers.iter().filter(|run| run.lever.changes() && worked(&run.outcome));
            // On a target without levers people say so.
            let said = state.log.iter().filter(|entry| entry.kind == EntryKind::Fix).count() as u64;
            let fixes = fixes.count() as u64 + said;
            count(fixes, format!("fixes deployed {fixes}"))
        }
        Fact::Missing | Fact::Extra | Fact::Changed | Fact::Discrepancies | Fact::LostWrites => {
            data(state, fact)
        }
    }
}

fn data(state: &State, fact: Fact) -> Reading {
    let check = match &state.integrity {
        None => return Reading::Missing("the data was not compared with a checkpoint".to_owned()),
        Some(Err(why)) => {
            return Reading::Missing(format!("the data could not be compared: {why}"));
        }
        Some(Ok(check)) => check,
    };
    if fact == Fact::LostWrites {
        let told = grouped(check.acknowledged as f64);
        return count(check.lost, format!("lost writes {} of {told} acknowledged", check.lost));
    }
    let (word, of): (_, fn(&crate::exercise::reading::TableComparison) -> u64) = match fact {
        Fact::Missing => ("missing", |table| table.missing),
        Fact::Extra => ("extra", |table| table.extra),
        Fact::Changed => ("changed", |table| table.changed),
        _ => ("missing, extra or changed", |table| table.missing + table.extra + table.changed),
    };
    let sum: u64 = check.tables.iter().map(of).sum();
    let rows: u64 = check.tables.iter().map(|table| table.rows).sum();
    let tables = check.tables.len();
    let words = format!(
        "rows {word}: {} (of {} in {tables} tables)",
        grouped(sum as f64),
        grouped(rows as f64)
    );
    count(sum, words)
}
