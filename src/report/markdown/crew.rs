//! Roles, cards and hints, every team on every injection, and what people decided. Not incidents, and not the log.

use super::head::taken;
use super::page::{Page, said, text, told};
use super::people::author;
use crate::lang::Lang;
use crate::report::model::{BoardCell, DebriefLine, Improvement, Report, RestsOn, Timed};
use crate::report::words::{moment, word};

/// Something real that ended the exercise, where there was something.
pub(super) fn real(page: &mut Page<'_>, report: &Report) {
    let Some(real) = &report.people.real_incident else { return };
    let lang = page.lang;
    let (when, by) = (moment(lang, real.at), text(&real.by));
    let reason = if real.reason.is_empty() { "—".to_owned() } else { text(&real.reason) };
    let says =
        told(lang, "report-real-says", &[("when", &*when), ("by", &*by), ("reason", &*reason)]);
    page.paragraph(&format!("**{}** {says}", said(lang, "report-real")));
}

/// The score board, roles, cards and hints.
pub(super) fn write(page: &mut Page<'_>, report: &Report) {
    board(page, report);
    roles(page, report);
    cards(page, report);
}

fn all(lang: &Lang, team: Option<&String>) -> String {
    team.map_or_else(|| format!("**{}**", said(lang, "report-all-teams")), |team| text(team))
}

fn board(page: &mut Page<'_>, report: &Report) {
    let (lang, board) = (page.lang, &report.people.board);
    if board.rows.is_empty() {
        return;
    }
    page.head(2, "report-board");
    page.says("report-board-says");
    let rows = board.rows.iter().flat_map(|row| {
        row.cells.iter().map(move |cell| {
            let team = text(&cell.team);
            let first = row.first.as_ref() == Some(&cell.team);
            let first =
                if first { format!(" ({})", said(lang, "report-first")) } else { String::new() };
            let [ttd, tta, ttm, ttr] = times(lang, cell);
            let incident =
                cell.incident.map_or_else(|| word(lang, "not detected"), |id| format!("#{id}"));
            [text(&row.injection), format!("{team}{first}"), incident, ttd, tta, ttm, ttr]
        })
    });
    let rows: Vec<[String; 7]> = rows.collect();
    page.table(
        [
            "report-col-injection",
            "report-col-team",
            "report-col-incident",
            "report-col-ttd",
            "report-col-tta",
            "report-col-ttm",
            "report-col-ttr",
        ],
        rows,
    );
    let rows = board.teams.iter().map(|one| {
        let counts = [
            one.undetected,
            one.first,
            one.false_alarms,
            one.discoveries,
            one.unexplained,
            one.duplicates,
            one.hints,
        ];
        let counts = counts.map(|count| count.to_string());
        let [undetected, first, alarms, discoveries, unexplained, duplicates, hints] = counts;
        [
            all(lang, one.team.as_ref()),
            undetected,
            first,
            alarms,
            discoveries,
            unexplained,
            duplicates,
            hints,
            one.hint_cost.to_string(),
            one.cards_not_seen.to_string(),
        ]
    });
    page.table(
        [
            "report-col-team",
            "report-col-undetected",
            "report-col-first-of",
            "report-col-false-alarms",
            "report-col-discoveries",
            "report-col-unexplained",
            "report-col-duplicates",
            "report-col-hints",
            "report-col-hint-cost",
            "report-col-not-seen",
        ],
        rows,
    );
}

fn times(lang: &Lang, cell: &BoardCell) -> [String; 4] {
    let time = |time: Option<Timed>| {
        let Some(time) = time else { return "—".to_owned() };
        let took = taken(lang, Some(time.took));
        match time.kept {
            None => took,
            Some(true) => format!("{took}, {}", said(lang, "report-kept")),
            Some(false) => format!("{took}, **{}**", said(lang, "report-missed")),
        }
    };
    [time(cell.ttd), time(cell.tta), time(cell.ttm), time(cell.ttr)]
}

/// Who had which role.
pub(super) fn roles(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    if report.people.roles.is_empty() {
        return;
    }
    page.head(2, "report-roles");
    let rows = report.people.roles.iter().map(|one| {
        [
            word(lang, one.role),
            text(&one.person),
            moment(lang, one.since),
            one.until.map_or_else(|| said(lang, "report-to-the-end"), |at| moment(lang, at)),
            text(&one.by),
        ]
    });
    page.table(
        [
            "report-col-role",
            "report-col-who",
            "report-col-from",
            "report-col-until",
            "report-col-by",
        ],
        rows,
    );
}

fn cards(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    let people = &report.people;
    if people.cards.is_empty() && people.hints.is_empty() {
        return;
    }
    page.head(2, "report-cards");
    if !people.cards.is_empty() {
        let rows = people.cards.iter().map(|one| {
            let seen = one.seen_by.iter().map(|seen| {
                let after = taken(lang, Some(seen.after));
                let after = told(lang, "report-after", &[("after", &*after)]);
                format!("{} ({}) {after}", text(&seen.team), text(&seen.author))
            });
            let seen: Vec<String> = seen.collect();
            let nobody = || said(lang, "report-nobody-yet");
            [
                one.number.to_string(),
                moment(lang, one.at),
                all(lang, one.to.as_ref()),
                text(&one.text),
                one.away.as_deref().map_or_else(|| "—".to_owned(), text),
                if seen.is_empty() { nobody() } else { seen.join(", ") },
            ]
        });
        page.table(
            [
                "report-col-card",
                "report-col-time",
                "report-col-to-whom",
                "report-col-what",
                "report-col-away",
                "report-col-seen-by",
            ],
            rows,
        );
    }
    if !people.hints.is_empty() {
        let rows = people.hints.iter().map(|one| {
            [
                one.injection.as_deref().map_or_else(|| "—".to_owned(), text),
                moment(lang, one.at),
                all(lang, one.to.as_ref()),
                text(&one.text),
                one.cost.to_string(),
            ]
        });
        page.table(
            [
                "report-col-injection",
                "report-col-time",
                "report-col-to-whom",
                "report-col-what",
                "report-col-cost",
            ],
            rows,
        );
    }
}

/// What went well, badly, luckily, and what should become better.
pub(super) fn decided(page: &mut Page<'_>, report: &Report) {
    let people = &report.people;
    for (key, lines) in [
        ("report-went-well", &people.went_well),
        ("report-went-badly", &people.went_badly),
        ("report-lucky", &people.lucky),
    ] {
        notes(page, key, lines);
    }
    if people.improvements.is_empty() {
        return;
    }
    page.head(2, "report-decided-caption");
    let lang = page.lang;
    let rows = people.improvements.iter().map(|one| improvement(lang, one));
    page.table(
        [
            "report-col-number",
            "report-col-improvement",
            "report-col-area",
            "report-col-in-charge",
            "report-col-date",
            "report-col-evidence",
            "report-col-by",
        ],
        rows,
    );
}

fn notes(page: &mut Page<'_>, key: &str, lines: &[DebriefLine]) {
    if lines.is_empty() {
        return;
    }
    page.head(2, key);
    let lang = page.lang;
    page.list(lines.iter().map(|DebriefLine { line, rests_on }| {
        let by = author(lang, line);
        let what = format!("{} ({by}, {})", text(&line.text), moment(lang, line.at));
        let evidence = evidence(lang, rests_on);
        if evidence.is_empty() { what } else { format!("{what} — {}", evidence.join("; ")) }
    }));
}

/// What something rests on, one by one.
fn evidence(lang: &Lang, on: &RestsOn) -> Vec<String> {
    let lines = on.evidence.iter();
    let lines = lines.map(|line| format!("{} {}", moment(lang, line.at), text(&line.text)));
    let others = on.other_evidence.iter();
    lines.chain(others.map(|seq| format!("{} {seq}", said(lang, "report-event")))).collect()
}

fn improvement(lang: &Lang, one: &Improvement) -> [String; 7] {
    let mut what = text(&one.text);
    if let Some(why) = &one.dropped {
        what = format!("{what} ({} {})", said(lang, "report-dropped"), text(why));
    }
    let evidence = evidence(lang, &one.rests_on);
    let or =
        |value: Option<&String>, key: &str| value.map_or_else(|| said(lang, key), |it| text(it));
    [
        one.id.to_string(),
        what,
        word(lang, one.category),
        or(one.owner.as_ref(), "report-nobody-yet"),
        or(one.due.as_ref(), "report-no-date"),
        if evidence.is_empty() { said(lang, "report-none") } else { evidence.join("; ") },
        format!("{} ({}), {}", text(&one.team), text(&one.author), moment(lang, one.at)),
    ]
}
