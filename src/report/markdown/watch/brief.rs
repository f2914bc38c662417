//! The top of the report of a watch: who was asked from when to when, and what came of it in a few lines. Not the details.

use super::budgets::left;
use super::kept::{is_bound, kept};
use crate::gameday::metric::Unit;
use crate::lang::Lang;
use crate::report::markdown::head::taken;
use crate::report::markdown::page::{Page, plain, said, show, text, told};
use crate::report::model::{Report, Watch};
use crate::report::words::{date, length, moment, word};

/// Who was asked, from when to when, by whom.
pub(super) fn facts(page: &mut Page<'_>, report: &Report, watch: &Watch) {
    let lang = page.lang;
    let ended = report.ending.as_ref().map_or_else(
        || format!("**{}**", said(lang, "report-no-end")),
        |ending| format!("{} ({})", word(lang, ending.outcome), text(&ending.why)),
    );
    let outside = match report.outside_ms {
        None => said(lang, "report-watch-nothing-measured"),
        Some(0) => said(lang, "report-watch-kept"),
        Some(outside) => format!("**{}**", length(outside)),
    };
    let away = watch.away.iter().map(|one| {
        let (from, to) = (moment(lang, one.from), moment(lang, one.to));
        let lasted = length(one.lasted_ms);
        told(lang, "report-watch-lasted", &[("when", &*from), ("then", &*to), ("time", &*lasted)])
    });
    let away = away.collect::<Vec<_>>();
    let or_none = |list: Vec<String>| {
        if list.is_empty() { said(lang, "report-none") } else { list.join(", ") }
    };
    let attended = if report.headless { "report-attended-no" } else { "report-yes" };
    let rows = [
        ("report-watch-fact-watch", text(&report.exercise)),
        ("report-watch-fact-outside", outside),
        ("report-watch-fact-source", text(&watch.source)),
        (
            "report-watch-fact-alerts",
            watch
                .alert_source
                .as_deref()
                .map_or_else(|| said(lang, "report-watch-nobody-asked"), text),
        ),
        (
            "report-watch-fact-from",
            watch.since.map_or_else(|| said(lang, "report-watch-never"), |at| date(at.wall_ms)),
        ),
        ("report-watch-fact-until", date(report.last.wall_ms)),
        ("report-watch-fact-lasted", length(watch.watched_ms)),
        (
            "report-watch-fact-before",
            watch.before_ms.map_or_else(|| said(lang, "report-none"), length),
        ),
        ("report-watch-fact-away", if away.is_empty() { "—".to_owned() } else { away.join("; ") }),
        ("report-fact-ended", ended),
        ("report-fact-teams", or_none(report.teams.iter().map(|team| text(team)).collect())),
        ("report-fact-drill", said(lang, if report.drill { "report-yes" } else { "report-no" })),
        ("report-fact-attended", said(lang, attended)),
        ("report-fact-program", text(&report.program)),
    ];
    page.table(["", ""], rows.into_iter().map(|(what, value)| [said(lang, what), value]));
    page.says("report-watch-clock-says");
}

/// What was outside, the incidents, the alerts and the budgets, a line each.
pub(super) fn write(page: &mut Page<'_>, report: &Report, watch: &Watch) {
    let lang = page.lang;
    let mut lines = outside(lang, report);
    lines.extend(incidents(lang, report));
    lines.extend(alerts(lang, watch));
    lines.extend(budgets(lang, watch));
    page.head(2, "report-watch-brief");
    page.list(lines);
}

fn outside(lang: &Lang, report: &Report) -> Vec<String> {
    let bound = || kept(report).filter(|(slo, _)| is_bound(slo));
    let those = bound().filter_map(|(slo, kept)| {
        let outside = kept.outside_ms.filter(|outside| *outside > 0)?;
        let often = match slo.violations.len() {
            1 => said(lang, "report-watch-once"),
            often => told(lang, "report-watch-often", &[("value", &often.to_string())]),
        };
        let places = [
            ("name", &*format!("**{}**", text(&slo.name))),
            ("value", &*often),
            ("time", &*length(outside)),
            ("high", &*plain(&kept.worst_words)),
        ];
        Some(told(lang, "report-watch-brief-outside", &places))
    });
    let those: Vec<String> = those.collect();
    match report.outside_ms {
        None => vec![format!("{}.", said(lang, "report-watch-nothing-measured"))],
        Some(_) if those.is_empty() => vec![format!("{}.", said(lang, "report-watch-kept"))],
        Some(_) => those,
    }
}

fn incidents(lang: &Lang, report: &Report) -> Vec<String> {
    let each = report.incidents.iter().map(|one| {
        let places = [
            ("what", &*format!("**#{} {}**", one.id, one.severity)),
            ("name", &*text(&one.title)),
            ("team", &*text(&one.team)),
            ("then", &*word(lang, &one.status)),
            ("low", &*taken(lang, one.time_to_acknowledge)),
            ("high", &*taken(lang, one.time_to_resolve)),
        ];
        told(lang, "report-watch-brief-incident", &places)
    });
    each.collect()
}

fn alerts(lang: &Lang, watch: &Watch) -> Vec<String> {
    let each = watch.alerts.iter().map(|one| {
        let severity =
            one.severity.as_deref().map_or_else(String::new, |it| format!(" ({})", text(it)));
        let places = [
            ("name", &*format!("▲ **{}**{severity}", text(&one.name))),
            ("time", &*length(one.lasted_ms)),
            ("when", &*moment(lang, one.from)),
        ];
        told(lang, "report-watch-brief-alert", &places)
    });
    each.collect()
}

fn budgets(lang: &Lang, watch: &Watch) -> Vec<String> {
    let each = watch.budgets.iter().map(|one| {
        let places = [
            ("name", &*format!("**{}**", text(&one.title))),
            ("value", &*left(lang, one)),
            ("low", &*show(lang, one.spent_here, Unit::Share)),
        ];
        let mut line = told(lang, "report-watch-brief-budget", &places);
        if let Some(pair) = one.pairs.iter().find(|pair| pair.answer == "burning") {
            let what = format!("{} ({})", pair.windows, word(lang, pair.urgency));
            let burning = told(lang, "report-watch-brief-burning", &[("what", &*what)]);
            line += &format!("; **{burning}**");
        }
        line
    });
    each.collect()
}
