//! A history as one HTML page that needs nothing else: no network, no fonts, no script. Not what it says.

use std::fmt::Write as _;

use super::markdown::{OTHERS, TIMES, find};
use super::model::History;
use super::shown;
use crate::lang::Lang;
use crate::report::compare::shown::named;
use crate::report::compare::table::named_value;
use crate::report::markup::{escaped, harmless};
use crate::report::sheet::{self, figure, head};
use crate::report::{chart, words};

/// Markup that grows, and the texts of its language.
struct Page<'a> {
    out: String,
    lang: &'a Lang,
}

/// The history as a page. All text from outside is escaped.
pub fn render(history: &History, lang: &Lang) -> String {
    let mut page = Page { out: head(lang, "history-heading"), lang };
    page.top(history);
    page.exercises(history);
    page.trends(history);
    page.chart(history);
    page.changes(history);
    page.times(history);
    page.others(history);
    let note = page.say("history-trend-says");
    let _ = write!(page.out, "<p class=\"note\">{note}</p>\n</main>\n</body>\n</html>\n");
    page.out
}

impl Page<'_> {
    fn say(&self, key: &str) -> String {
        escaped(&self.lang.say(key))
    }

    fn section(&mut self, key: &str, heads: &[String]) {
        let title = self.say(key);
        let _ = write!(self.out, "<section>\n<h2>{title}</h2>\n");
        self.out.push_str("<div class=\"scroll\"><table><thead><tr>");
        for head in heads {
            let _ = write!(self.out, "<th scope=\"col\">{head}</th>");
        }
        self.out.push_str("</tr></thead><tbody>\n");
    }

    fn end(&mut self, note: Option<&str>) {
        self.out.push_str("</tbody></table></div>\n");
        if let Some(note) = note {
            let note = self.say(note);
            let _ = writeln!(self.out, "<p class=\"note\">{note}</p>");
        }
        self.out.push_str("</section>\n");
    }

    fn top(&mut self, history: &History) {
        let name = figure("name", &history.name);
        let which = self.say(if history.real { "history-real" } else { "history-drills" });
        let _ = writeln!(
            self.out,
            "<p class=\"hypothesis\"><strong>{name}</strong> {which}</p>\n</header>\n<main id=\"main\">"
        );
        for (nth, one) in history.exercises.iter().enumerate() {
            for (at, what) in one.warnings.iter().enumerate() {
                let what = figure(&format!("exercises[{nth}].warnings[{at}]"), what);
                let _ = writeln!(
                    self.out,
                    "<p class=\"warning\"><strong>⚠ {}</strong> {what}</p>",
                    nth + 1
                );
            }
        }
    }

    fn exercises(&mut self, history: &History) {
        let keys = [
            "history-col-number",
            "compare-col-began",
            "compare-col-ended",
            "compare-col-ran",
            "compare-col-objectives",
            "history-col-counted",
            "compare-col-title",
            "compare-col-exercise",
            "compare-col-recording",
        ];
        let heads = keys.map(|key| self.say(key));
        self.section("compare-exercises", &heads);
        for (nth, one) in history.exercises.iter().enumerate() {
            let at = |name: &str, shown: &str| figure(&format!("exercises[{nth}].{name}"), shown);
            let counted = escaped(&shown::counted(self.lang, one));
            let _ = writeln!(
                self.out,
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{} / {}</td><td>{counted}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                nth + 1,
                at("began_ms", &words::date(one.began_ms)),
                at("outcome", &shown::ended(self.lang, one)),
                at("ran_ms", &words::length(one.ran_ms)),
                at("objectives_met", &one.objectives_met.to_string()),
                at("objectives", &one.objectives.to_string()),
                at("title", &one.title),
                at("exercise", &one.exercise),
                at("file", &one.file),
            );
        }
        self.end(None);
    }

    fn trends(&mut self, history: &History) {
        let heads = ["what", "trend", "slope", "counted-of"];
        let heads = heads.map(|key| escaped(&shown::said(self.lang, "col", key)));
        self.section("history-trends", &heads);
        for (nth, measure) in history.measures.iter().enumerate() {
            let (sign, answer) = shown::answer(self.lang, &measure.trend);
            let sign = sheet::sign(measure.trend.answer, sign);
            let path = |name: &str| format!("measures[{nth}].trend.{name}");
            let slope = measure.trend.slope.map_or_else(String::new, |by| {
                figure(&path("slope"), &shown::signed(self.lang, measure, by))
            });
            let _ = writeln!(
                self.out,
                "<tr><th scope=\"row\">{}</th><td>{sign} {}</td><td class=\"n\">{slope}</td><td class=\"n\">{} / {}</td></tr>",
                escaped(&shown::measure(self.lang, measure.what)),
                escaped(&answer),
                figure(&path("exercises"), &measure.trend.exercises.to_string()),
                history.exercises.len(),
            );
        }
        self.end(None);
    }

    fn chart(&mut self, history: &History) {
        let chart = chart::times(history, self.lang);
        let title = self.say("history-chart");
        let note = self.say("history-chart-says");
        let _ = writeln!(
            self.out,
            "<section>\n<figure><figcaption><strong>{title}</strong></figcaption>\n{}<p class=\"summary\">{}</p></figure>\n<p class=\"note\">{note}</p>\n</section>",
            chart.svg,
            harmless(&chart.summary)
        );
    }

    fn changes(&mut self, history: &History) {
        let title = self.say("history-changes");
        let _ = write!(self.out, "<section>\n<h2>{title}</h2>\n");
        let mut any = false;
        self.out.push_str("<ul>\n");
        for (nth, one) in history.exercises.iter().enumerate() {
            if one.changes.is_empty() {
                continue;
            }
            any = true;
            let parts = one.changes.iter().enumerate().map(|(at, change)| {
                let values = change.values.iter().enumerate().map(|(which, value)| {
                    let path = format!("exercises[{nth}].changes[{at}].values[{which}]");
                    figure(&path, &named_value(self.lang, value))
                });
                let values: Vec<String> = values.collect();
                let what = escaped(&named(self.lang, "what", change.what));
                format!("{what}: {}", values.join(" → "))
            });
            let parts: Vec<String> = parts.collect();
            let _ = writeln!(
                self.out,
                "<li>{nth} → <strong>{}</strong>: {}</li>",
                nth + 1,
                parts.join("; ")
            );
        }
        if !any {
            let none = self.say("compare-no-differences");
            let _ = writeln!(self.out, "<li>{none}</li>");
        }
        let note = self.say("compare-digest-says");
        let _ = write!(self.out, "</ul>\n<p class=\"note\">{note}</p>\n</section>\n");
    }

    fn cell(&self, history: &History, what: &str, nth: usize) -> String {
        let found = find(history, what).and_then(|(at, one)| Some((at, one, one.values.get(nth)?)));
        found.map_or_else(String::new, |(at, measure, value)| {
            let path = format!("measures[{at}].values[{nth}].value");
            figure(&path, &shown::value(self.lang, measure, value))
        })
    }

    fn times(&mut self, history: &History) {
        let kinds = TIMES
            .map(|kind| escaped(&self.lang.tell("history-col-time", &[("kind", kind.into())])));
        let heads: Vec<String> =
            std::iter::once(self.say("history-col-number")).chain(kinds).collect();
        self.section("history-times", &heads);
        for nth in 0..history.exercises.len() {
            let _ = write!(self.out, "<tr><th scope=\"row\">{}</th>", nth + 1);
            for kind in TIMES {
                let median = self.cell(history, &format!("{kind}-median"), nth);
                let mean = self.cell(history, &format!("{kind}-mean"), nth);
                let of = self.numbers(history, &format!("{kind}-median"), nth);
                let _ = write!(self.out, "<td class=\"n\">{median} / {mean} ({of})</td>");
            }
            self.out.push_str("</tr>\n");
        }
        self.end(Some("history-times-say"));
    }

    /// How many values there are, and how many there might be.
    fn numbers(&self, history: &History, what: &str, nth: usize) -> String {
        let found = find(history, what).and_then(|(at, one)| Some((at, one.values.get(nth)?)));
        let Some((at, value)) = found else { return String::new() };
        let (of, missing) = (value.of.unwrap_or_default(), value.missing.unwrap_or_default());
        let of_path = format!("measures[{at}].values[{nth}].of");
        format!("{} / {}", figure(&of_path, &of.to_string()), of + missing)
    }

    fn others(&mut self, history: &History) {
        let columns = OTHERS.map(|what| escaped(&shown::measure(self.lang, what)));
        let heads: Vec<String> =
            std::iter::once(self.say("history-col-number")).chain(columns).collect();
        self.section("history-others", &heads);
        for nth in 0..history.exercises.len() {
            let _ = write!(self.out, "<tr><th scope=\"row\">{}</th>", nth + 1);
            for what in OTHERS {
                let cell = self.cell(history, what, nth);
                let _ = write!(self.out, "<td class=\"n\">{cell}</td>");
            }
            self.out.push_str("</tr>\n");
        }
        self.end(None);
    }
}
