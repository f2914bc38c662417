//! What the report says of failovers, lost time and the data. Not of other instruments.

use crate::exercise::resilience::{
    FailoverTime, during, failover_time, longest_interruption, lost_time,
};
use crate::exercise::said::{Said, said};
use crate::exercise::state::State;
use crate::gameday::metric::{Metric, Unit};
use crate::lang::Lang;
use crate::report::model::{Disaster, Failover, Integrity, Table};
use crate::report::time::moment;
use crate::report::words::{NO_DATA, length};

/// Every injection that took effect.
pub(super) fn disasters(state: &State) -> Vec<Disaster> {
    let ran = state.injections.iter().filter_map(|run| Some((run, state.planned(run.id)?)));
    ran.filter_map(|(run, planned)| {
        let figures = during(state, run)?;
        let availability = figures.value(Metric::Availability);
        let (failover_ms, failover) = match failover_time(state, run) {
            FailoverTime::NotInEffect | FailoverTime::NoData => (None, NO_DATA.to_owned()),
            FailoverTime::Never => (None, "nothing stood in".to_owned()),
            FailoverTime::After(span) => (Some(span.as_millis()), length(span.as_millis())),
        };
        Some(Disaster {
            injection: planned.name.clone(),
            rto_ms: longest_interruption(state, run).map(|span| span.as_millis()),
            rpo_ms: lost_time(state, run).map(|span| span.as_millis()),
            failover_ms,
            failover,
            availability,
            availability_words: availability
                .map_or_else(|| NO_DATA.to_owned(), |value| Unit::Share.show(value)),
        })
    })
    .collect()
}

/// Every time the replica took over.
pub(super) fn failovers(state: &State, lang: &Lang) -> Vec<Failover> {
    let each = state.failovers.iter().map(|(at, failover)| Failover {
        at: moment(state, *at),
        from: failover.from.clone(),
        to: failover.to.clone(),
        took_ms: failover.took.as_millis(),
        behind_ms: failover.behind.as_millis(),
        by: lang.said(&failover.by).into_owned(),
    });
    each.collect()
}

/// The comparison of the data; `None`: there was no checkpoint and none was tried.
pub(super) fn integrity(state: &State, lang: &Lang) -> Option<Integrity> {
    let before = |name: &str| {
        let tables = &state.checkpoint.as_ref()?.tables;
        tables.iter().find(|(table, _)| table == name).map(|(_, rows)| *rows)
    };
    let unknown = |problem: &Said| Integrity {
        problem: Some(lang.said(problem).into_owned()),
        tables: Vec::new(),
        acknowledged: None,
        lost: None,
    };
    Some(match &state.integrity {
        None if state.checkpoint.is_none() => return None,
        None => {
            unknown(&said!("data-too-early", "the exercise ended before the data was compared"))
        }
        Some(Err(why)) => unknown(why),
        Some(Ok(check)) => Integrity {
            problem: None,
            tables: check
                .tables
                .iter()
                .map(|table| Table {
                    table: table.table.clone(),
                    before: before(&table.table),
                    after: table.rows,
                    missing: table.missing,
                    extra: table.extra,
                    changed: table.changed,
                })
                .collect(),
            acknowledged: Some(check.acknowledged),
            lost: Some(check.lost),
        },
    })
}
