//! How things stand for who takes over: incidents, promises, faults, roles, and what comes next. Not what was done.

use super::look::Look;
use crate::exercise::incident::Incident;
use crate::exercise::state::InjectionStatus;
use crate::gameday::span::Span;
use crate::report::markdown::page::{Page, plain, said, text, told};
use crate::report::words::{length, word};

/// Those that are open, and those that were closed meanwhile.
pub(super) fn incidents(page: &mut Page<'_>, look: Look<'_>) {
    let Look { state, lang, .. } = look;
    page.head(2, "handover-open");
    let mut open: Vec<&Incident> =
        state.incidents.iter().filter(|one| !one.status.is_closed()).collect();
    open.sort_by_key(|one| (one.severity, one.id));
    if open.is_empty() {
        page.says("handover-none-open");
    } else {
        let rows = open.into_iter().map(|one| {
            let since = one.moves.last().map_or(one.opened, |(at, ..)| *at);
            let last = state.log.iter().rev().find(|entry| entry.incident == Some(one.id));
            [
                format!("#{} {}", one.id.0, one.severity),
                text(&one.title),
                text(&one.team),
                format!("{}, {}", word(lang, &one.status.to_string()), look.since(since)),
                look.moment(one.opened),
                last.map_or_else(|| "—".to_owned(), |entry| text(&lang.said(&entry.text))),
            ]
        });
        page.table(
            [
                "",
                "report-col-title",
                "report-col-team",
                "report-col-status",
                "report-col-opened-at",
                "handover-col-last",
            ],
            rows,
        );
    }
    let closed = state.incidents.iter().filter_map(|one| {
        let (at, ..) = one.moves.last().filter(|_| one.status.is_closed())?;
        look.is_in(*at).then(|| {
            let status = word(lang, &one.status.to_string());
            let title = text(&one.title);
            format!("#{} {} {title}: {status}, {}", one.id.0, one.severity, look.moment(*at))
        })
    });
    let closed: Vec<String> = closed.collect();
    if !closed.is_empty() {
        page.head(3, "handover-closed");
        page.list(closed);
    }
}

/// Every promise as it stands, and each time it was broken.
pub(super) fn promises(page: &mut Page<'_>, look: Look<'_>) {
    let Look { state, lang, .. } = look;
    page.head(2, "handover-promises");
    let both = || state.plan().slos.iter().zip(&state.slos);
    if both().next().is_none() {
        page.says("handover-no-promise");
        return;
    }
    let rows = both().map(|(slo, run)| {
        let value = run.value.map(|value| plain(&slo.limit.metric.unit().show(value)));
        let stands = match (run.breached(), run.value) {
            (Some(one), _) => {
                format!("**{}**, {}", said(lang, "handover-broken"), look.since(one.from))
            }
            (None, Some(_)) => said(lang, "handover-kept"),
            (None, None) => said(lang, "report-no-data"),
        };
        let no_data = || said(lang, "report-no-data");
        let limit = plain(&slo.limit.to_string());
        [text(&slo.name), limit, value.unwrap_or_else(no_data), stands]
    });
    page.table(
        ["report-col-promise", "report-col-limit", "handover-col-now", "report-col-status"],
        rows,
    );
    let broken = both().flat_map(|(slo, run)| {
        let unit = slo.limit.metric.unit();
        let past = run.violations.iter().filter(move |one| one.to.is_some_and(|to| look.is_in(to)));
        past.filter_map(move |one| {
            let to = one.to?;
            let lasted = length(to.since(one.from).as_millis());
            let worst = plain(&unit.show(one.worst));
            let places = [
                ("name", &*text(&slo.name)),
                ("from", &*look.moment(one.from)),
                ("to", &*look.moment(to)),
                ("lasted", &*lasted),
                ("worst", &*worst),
            ];
            Some(told(lang, "handover-was-broken", &places))
        })
    });
    let broken: Vec<String> = broken.collect();
    if !broken.is_empty() {
        page.head(3, "handover-broken-meanwhile");
        page.list(broken);
    }
}

/// The faults that may be in the target. Participants do not know of any.
pub(super) fn faults(page: &mut Page<'_>, look: Look<'_>) {
    let Look { state, lang, .. } = look;
    page.head(2, "handover-faults");
    let live = state.live_injections().map(|run| {
        let since = run.t0.map_or_else(String::new, |t0| format!(", {}", look.since(t0)));
        let status = word(lang, run.status.word());
        let warn = if run.status == InjectionStatus::NotReverted { "**⚠** " } else { "" };
        format!("{warn}{}: {status}{since}", text(&state.name_of(run.id)))
    });
    let live: Vec<String> = live.collect();
    if live.is_empty() { page.says("handover-no-fault") } else { page.list(live) }
}

/// Who has which role.
pub(super) fn roles(page: &mut Page<'_>, look: Look<'_>) {
    let Look { state, lang, .. } = look;
    page.head(2, "report-roles");
    let held = state.people.holdings.iter().filter(|one| {
        // Who handed over meanwhile may be asked.
        one.until.is_none_or(|until| look.is_in(until))
    });
    let rows = held.map(|one| {
        [
            word(lang, &one.role.name().replace('-', " ")),
            text(&one.person),
            look.moment(one.since),
            one.until.map_or_else(|| said(lang, "handover-still"), |at| look.moment(at)),
        ]
    });
    let rows: Vec<[String; 4]> = rows.collect();
    if rows.is_empty() {
        page.says("handover-no-role");
        return;
    }
    page.table(["report-col-role", "report-col-who", "report-col-from", "report-col-until"], rows);
}

/// What is planned. Participants do not know it.
pub(super) fn next(page: &mut Page<'_>, look: Look<'_>) {
    let Look { state, lang, .. } = look;
    page.head(2, "handover-next");
    let now = state.exercise_time(state.now);
    let due = |key: &str, name: &str, at: Span| {
        let in_ = length((at - now).as_millis());
        told(lang, key, &[("name", &text(name)), ("span", &in_)])
    };
    let running = state.current_phase();
    let after = running.map_or(0, |(index, ..)| index + 1);
    let phases = running.is_some() || state.phases.iter().all(|run| run.started.is_none());
    let phase = state.plan().phases.get(after).filter(|_| phases);
    let phase = phase.map(|one| due("handover-next-phase", &one.name, state.phase_start(after)));
    let fault = state.next_injection();
    let fault = fault.map(|(run, at)| due("handover-next-fault", &state.name_of(run.id), at));
    let over = state.outcome.is_some() || state.ending.is_some();
    let all: Vec<String> = fault.into_iter().chain(phase).filter(|_| !over).collect();
    if all.is_empty() { page.says("handover-nothing-next") } else { page.list(all) }
}
