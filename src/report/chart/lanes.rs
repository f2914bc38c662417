//! What went on, as lanes over the time of all charts: phases, holds, injections, SLOs that were violated, incidents,
//! deployments and changes of configuration.
//! Not what was measured.

use super::axis::{Axis, LEFT, RIGHT, WIDTH};
use super::drawn::Chart;
use super::frame::hatch;
use super::svg::{Svg, rounded};
use crate::lang::Lang;
use crate::report::model::{Moment, Report};
use crate::report::seen::seen;
use crate::report::words;

const ROW: f64 = 24.0;
const TOP: f64 = 6.0;

/// Something in a lane.
struct Mark {
    from: u64,
    to: u64,
    /// `phase`, `held`, `injected`, `violated`, `alert`, `incident`, `changed`.
    class: &'static str,
    name: String,
    /// All there is to say of it.
    says: String,
    /// Where the page tells more.
    link: Option<String>,
}

/// Draws them.
pub(super) fn draw(report: &Report, lang: &Lang, axis: &Axis) -> Chart {
    let lanes = [
        ("report-lane-phases", phases(report, lang, axis)),
        ("report-lane-holds", holds(report, lang, axis)),
        ("report-watch-lane-away", away(report, lang, axis)),
        ("report-lane-injections", injections(report, lang, axis)),
        ("report-lane-slos", violations(report, lang, axis)),
        ("report-watch-lane-alerts", alerts(report, axis)),
        ("report-lane-incidents", incidents(report, lang, axis)),
        ("report-lane-changes", changes(report, lang, axis)),
        ("report-watch-lane-silent", silences(report, axis)),
    ];
    let mut summary = lang.say("report-chart-lanes-title").into_owned();
    let mut svg = Svg::default();
    let mut y = TOP;
    for (label, marks) in lanes {
        if marks.is_empty() {
            continue;
        }
        let label = lang.say(label);
        summary += &format!(". {label}: {}", marks.len());
        let rows = placed(axis, &marks);
        let place =
            [("x", (LEFT - 10.0).into()), ("y", (y + 15.0).into()), ("class", "lane end".into())];
        svg.text("text", &place, &label);
        for (mark, row) in marks.iter().zip(&rows) {
            bar(&mut svg, axis, mark, y + *row as f64 * ROW);
        }
        let count = rows.iter().max().map_or(1, |most| most + 1);
        y += count as f64 * ROW + 6.0;
        let d = format!("M{LEFT} {}H{RIGHT}", rounded(y - 3.0));
        svg.mark("path", &[("class", "grid".into()), ("d", (&d).into())]);
    }
    for (x, text) in axis.ticks() {
        let d = format!("M{} {TOP}V{}", rounded(x), rounded(y));
        svg.mark("path", &[("class", "grid faint".into()), ("d", (&d).into())]);
        svg.text(
            "text",
            &[("x", x.into()), ("y", (y + 14.0).into()), ("class", "tick mid".into())],
            &text,
        );
    }
    let place =
        [("x", (LEFT - 10.0).into()), ("y", (y + 14.0).into()), ("class", "axis end".into())];
    svg.text("text", &place, "UTC");
    let inner = svg.finish();
    let mut whole = Svg::default();
    let size = format!("0 0 {WIDTH} {}", y + 20.0);
    whole.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg".into()),
            ("viewBox", (&size).into()),
            ("class", "chart lanes".into()),
            ("role", "group".into()),
            ("aria-label", (&summary).into()),
        ],
    );
    whole.open("defs", &[]);
    hatch(&mut whole, "hatch-lanes");
    whole.close("defs");
    Chart { svg: whole.finish() + &inner + "</svg>", summary }
}

/// A bar with its name, or its shape where it is an instant; it can be reached by the keyboard.
fn bar(svg: &mut Svg, axis: &Axis, mark: &Mark, y: f64) {
    let (x, width) = extent(axis, mark);
    if let Some(link) = &mark.link {
        svg.open("a", &[("href", link.into()), ("aria-label", (&mark.says).into())]);
    } else {
        svg.open(
            "g",
            &[
                ("tabindex", "0".into()),
                ("role", "img".into()),
                ("aria-label", (&mark.says).into()),
            ],
        );
    }
    svg.text("title", &[], &mark.says);
    let class = format!("bar {}", mark.class);
    let mut all = vec![
        ("class", (&class).into()),
        ("x", x.into()),
        ("y", y.into()),
        ("width", width.into()),
        ("height", 20.0.into()),
        ("rx", 3.0.into()),
    ];
    if mark.class == "violated" {
        all.push(("fill", "url(#hatch-lanes)".into()));
    }
    svg.mark("rect", &all);
    let shape = match mark.class {
        "injected" => Some(format!("M{} {}h8l-4 7z", rounded(x - 4.0), rounded(y + 6.0))),
        "alert" => Some(format!("M{} {}h10l-5 -8z", rounded(x - 5.0), rounded(y + 14.0))),
        "incident" => Some(format!("M{} {}l5 -5l5 5l-5 5z", rounded(x - 5.0), rounded(y + 10.0))),
        "changed" => Some(format!("M{} {}h8l-4 -7z", rounded(x - 4.0), rounded(y + 13.0))),
        _ => None,
    };
    if let Some(d) = shape {
        let class = format!("shape {}", mark.class);
        svg.mark("path", &[("class", (&class).into()), ("d", (&d).into())]);
    }
    let (at, class, room) = name_place(x, width, &mark.name);
    let place = [("x", at.into()), ("y", (y + 14.0).into()), ("class", class.into())];
    svg.text("text", &place, &fitted(&mark.name, room));
    svg.close(if mark.link.is_some() { "a" } else { "g" });
}

fn extent(axis: &Axis, mark: &Mark) -> (f64, f64) {
    let x = axis.x(mark.from);
    (x, (axis.x(mark.to) - x).max(2.0))
}

/// Where the name of a bar stands: inside, behind it, or before it; and the room it has there.
fn name_place(x: f64, bar: f64, name: &str) -> (f64, &'static str, f64) {
    let long = width(name);
    if long + 16.0 <= bar {
        (x + 8.0, "inside", bar)
    } else if x + bar + 8.0 + long <= WIDTH {
        (x + bar + 8.0, "beside", long)
    } else if x - 8.0 - long >= LEFT {
        (x - 9.0, "beside end", long)
    } else {
        (x + 8.0, "inside", (bar - 12.0).max(RIGHT - x - 8.0))
    }
}

/// The row of each mark, so that neither bars nor names lie over each other.
fn placed(axis: &Axis, marks: &[Mark]) -> Vec<usize> {
    let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
    let place = |mark: &Mark| {
        let (x, bar) = extent(axis, mark);
        let (at, class, room) = name_place(x, bar, &mark.name);
        let long = width(&mark.name).min(room);
        let name = if class == "beside end" { (at - long, at) } else { (at, at + long) };
        let span = (x.min(name.0) - 6.0, (x + bar).max(name.1) + 4.0);
        let phase = mark.class == "phase";
        let span = if phase { (x + 1.0, x + bar - 1.0) } else { span };
        let free =
            rows.iter().position(|row| row.iter().all(|(a, b)| span.1 <= *a || span.0 >= *b));
        let row = free.unwrap_or(rows.len());
        if row == rows.len() {
            rows.push(Vec::new());
        }
        if let Some(row) = rows.get_mut(row) {
            row.push(span);
        }
        row
    };
    marks.iter().map(place).collect()
}

fn phases(report: &Report, lang: &Lang, axis: &Axis) -> Vec<Mark> {
    let each = report.phases.iter().filter_map(|phase| {
        let from = phase.started?;
        let to = phase.ended.map_or(axis.end(), |to| to.elapsed_ms);
        let name = seen(&phase.name);
        let says = format!(
            "{name}: {}, {}",
            words::word(lang, phase.how),
            span(axis, from.elapsed_ms, to)
        );
        Some(Mark { from: from.elapsed_ms, to, class: "phase", name, says, link: None })
    });
    each.collect()
}

fn holds(report: &Report, lang: &Lang, axis: &Axis) -> Vec<Mark> {
    let each = report.pauses.iter().map(|pause| {
        let (from, to) = (pause.from.elapsed_ms, pause.to.map_or(axis.end(), |to| to.elapsed_ms));
        let name = words::word(lang, pause.kind);
        let says = format!(
            "{name}: {}, {}, {}",
            seen(&pause.by),
            seen(&pause.reason),
            span(axis, from, to)
        );
        Mark { from, to, class: "held", name, says, link: Some("#rules".to_owned()) }
    });
    each.collect()
}

fn injections(report: &Report, lang: &Lang, axis: &Axis) -> Vec<Mark> {
    let each = report.injections.iter().enumerate().filter_map(|(index, one)| {
        let from = one.t0?.elapsed_ms;
        let to = one.reverted.map_or(axis.end(), |at: Moment| at.elapsed_ms);
        let name = seen(&one.name);
        let (found, status) = (words::word(lang, one.detection), words::word(lang, one.status));
        let says = format!("{name}: {}, {status}, {found}", span(axis, from, to));
        let link = Some(format!("#injection-{}", index + 1));
        Some(Mark { from, to, class: "injected", name, says, link })
    });
    each.collect()
}

fn violations(report: &Report, lang: &Lang, axis: &Axis) -> Vec<Mark> {
    let each = report.slos.iter().flat_map(|slo| {
        slo.violations.iter().map(|one| {
            let to = one.to.map_or(axis.end(), |to| to.elapsed_ms);
            let from = one.from.elapsed_ms;
            let name = seen(&slo.name);
            let worst = [("value", (&*one.worst_words).into())];
            let worst = lang.tell("report-worst", &worst);
            let says = format!("SLO {name} ({}): {}, {worst}", slo.limit, span(axis, from, to));
            Mark { from, to, class: "violated", name, says, link: Some("#slos".to_owned()) }
        })
    });
    each.collect()
}

fn incidents(report: &Report, lang: &Lang, axis: &Axis) -> Vec<Mark> {
    let each = report.incidents.iter().map(|one| {
        let from = one.opened.elapsed_ms;
        let to = one.resolved.map_or(from, |to| to.elapsed_ms);
        let name = format!("#{} {}", one.id, seen(&one.title));
        let status = words::word(lang, &one.status);
        let says = format!(
            "{name}: {} {}, {status}, {}",
            one.severity,
            seen(&one.team),
            span(axis, from, to)
        );
        let name = fitted(&name, 240.0);
        Mark { from, to, class: "incident", name, says, link: Some("#incidents".to_owned()) }
    });
    each.collect()
}

fn changes(report: &Report, lang: &Lang, axis: &Axis) -> Vec<Mark> {
    let each = report.log.iter().filter(|line| line.is_change()).map(|line| {
        let at = line.at.elapsed_ms;
        let name = format!("{} {}", words::word(lang, line.kind), seen(&line.text));
        let team = line.team.as_deref().map(seen).unwrap_or_default();
        let says = format!("{name}: {team}, {}", axis.day(at));
        let link = Some(format!("#line-{}", line.seq));
        Mark { from: at, to: at, class: "changed", name: fitted(&name, 240.0), says, link }
    });
    each.collect()
}

fn away(report: &Report, lang: &Lang, axis: &Axis) -> Vec<Mark> {
    let each = report.watch.iter().flat_map(|watch| &watch.away).map(|one| {
        let (from, to) = (one.from.elapsed_ms, one.to.elapsed_ms);
        let name = lang.say("report-watch-lane-away").into_owned();
        let says = format!("{name}: {}", span(axis, from, to));
        Mark { from, to, class: "held", name: String::new(), says, link: None }
    });
    each.collect()
}

fn alerts(report: &Report, axis: &Axis) -> Vec<Mark> {
    let each = report.watch.iter().flat_map(|watch| &watch.alerts).map(|one| {
        let from = one.from.elapsed_ms;
        let to = one.to.map_or(axis.end(), |to| to.elapsed_ms);
        let name = seen(&one.name);
        let about = seen(one.summary.as_deref().unwrap_or(&one.labels));
        let says = format!("{name}: {about}, {}", span(axis, from, to));
        let name = fitted(&name, 240.0);
        Mark { from, to, class: "alert", name, says, link: Some("#alerts".to_owned()) }
    });
    each.collect()
}

fn silences(report: &Report, axis: &Axis) -> Vec<Mark> {
    let queries = report.watch.iter().flat_map(|watch| &watch.queries);
    let each = queries.flat_map(|query| {
        query.silences.iter().map(|one| {
            let from = one.from.elapsed_ms;
            let to = one.to.map_or(axis.end(), |to| to.elapsed_ms);
            let name = seen(&query.name);
            let says = format!("{name}: {}", span(axis, from, to));
            let link = Some("#queries".to_owned());
            Mark { from, to, class: "held", name: fitted(&name, 240.0), says, link }
        })
    });
    each.collect()
}

fn span(axis: &Axis, from: u64, to: u64) -> String {
    format!("{}–{} ({})", axis.day(from), axis.day(to), words::length(to.saturating_sub(from)))
}

/// About how wide a text is at the size of a chart's text.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(|c| if u32::from(c) < 0x1100 { 6.3 } else { 11.5 }).sum()
}

/// As much of a text as fits.
pub(super) fn fitted(text: &str, room: f64) -> String {
    let text = seen(text);
    if width(&text) <= room {
        return text;
    }
    let mut wide = 8.0;
    let fits = |c: &char| {
        wide += width(c.encode_utf8(&mut [0; 4]));
        wide <= room
    };
    let short: String = text.chars().take_while(fits).collect();
    if short.is_empty() { short } else { short + "…" }
}
