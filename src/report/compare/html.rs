//! A comparison as one HTML page that needs nothing else: no network, no fonts, no script. Not what it says.

use std::fmt::Write as _;

use super::model::{Comparison, Group, Row};
use super::shown;
use super::table::named_value;
use crate::lang::Lang;
use crate::report::markup::{escaped, harmless};
use crate::report::sheet::{figure, head};
use crate::report::{chart, sheet, words};

/// Markup that grows, and the texts of its language.
struct Page<'a> {
    out: String,
    lang: &'a Lang,
}

/// The comparison as a page. All text from outside is escaped.
pub fn render(comparison: &Comparison, lang: &Lang) -> String {
    let mut page = Page { out: String::new(), lang };
    page.head(comparison);
    page.exercises(comparison);
    page.warnings(comparison);
    page.tallies(comparison);
    page.charts(comparison);
    page.differences(comparison);
    for (nth, group) in comparison.groups.iter().enumerate() {
        page.group(comparison, group, nth);
    }
    let noise = page.say("compare-noise-says");
    let _ = write!(page.out, "<p class=\"note\">{noise}</p>\n</main>\n</body>\n</html>\n");
    page.out
}

impl Page<'_> {
    fn say(&self, key: &str) -> String {
        escaped(&self.lang.say(key))
    }

    fn named(&self, group: &str, word: &str) -> String {
        escaped(&shown::named(self.lang, group, word))
    }

    fn heading(&mut self, title: &str) {
        let _ = writeln!(self.out, "<section>\n<h2>{title}</h2>");
    }

    fn head(&mut self, comparison: &Comparison) {
        self.out += &head(self.lang, "compare-heading");
        for (nth, one) in comparison.exercises.iter().enumerate() {
            let title = figure(&format!("exercises[{nth}].title"), &one.title);
            let letter = figure(&format!("exercises[{nth}].letter"), one.letter);
            let _ =
                writeln!(self.out, "<p class=\"hypothesis\"><strong>{letter}</strong> {title}</p>");
        }
        self.out.push_str("</header>\n<main id=\"main\">\n");
    }

    fn exercises(&mut self, comparison: &Comparison) {
        let title = self.say("compare-exercises");
        self.heading(&title);
        self.out.push_str("<div class=\"scroll\"><table><thead><tr><th scope=\"col\"></th>");
        for key in ["exercise", "began", "ended", "ran", "objectives", "target", "recording"] {
            let _ = write!(self.out, "<th scope=\"col\">{}</th>", self.named("col", key));
        }
        self.out.push_str("</tr></thead><tbody>\n");
        for (nth, one) in comparison.exercises.iter().enumerate() {
            let at = |name: &str, shown: &str| figure(&format!("exercises[{nth}].{name}"), shown);
            let ended = one.outcome.map_or_else(
                || shown::named(self.lang, "value", "no end"),
                |outcome| words::word(self.lang, outcome),
            );
            let _ = writeln!(
                self.out,
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{} / {}</td><td>{}</td><td>{}</td></tr>",
                at("letter", one.letter),
                at("exercise", &one.exercise),
                at("began_ms", &words::date(one.began_ms)),
                at("outcome", &ended),
                at("ran_ms", &words::length(one.ran_ms)),
                at("objectives_met", &one.objectives_met.to_string()),
                at("objectives", &one.objectives.to_string()),
                at("target", &one.target),
                at("file", &one.file),
            );
        }
        let note = self.say("compare-with-first");
        let _ =
            write!(self.out, "</tbody></table></div>\n<p class=\"note\">{note}</p>\n</section>\n");
    }

    fn warnings(&mut self, comparison: &Comparison) {
        for (nth, one) in comparison.warnings.iter().enumerate() {
            let key = format!("compare-warning-{}", one.what.replace(' ', "-"));
            // Places are marked, so that what fills them can be markup.
            let marks = [
                ("name", "\u{fdd0}".into()),
                ("then", "\u{fdd1}".into()),
                ("value", "\u{fdd2}".into()),
            ];
            let mut said = escaped(&self.lang.tell(&key, &marks));
            let at = |name: &str, value: &str| {
                figure(&format!("warnings[{nth}].{name}"), &named_value(self.lang, value))
            };
            for (mark, value) in [
                ('\u{fdd0}', figure(&format!("warnings[{nth}].exercise"), one.exercise)),
                ('\u{fdd1}', at("first", &one.first)),
                ('\u{fdd2}', at("this", &one.this)),
            ] {
                said = said.replace(mark, &value);
            }
            let _ = writeln!(self.out, "<p class=\"warning\"><strong>⚠</strong> {said}</p>");
        }
    }

    fn tallies(&mut self, comparison: &Comparison) {
        let title = self.say("compare-tally");
        self.heading(&title);
        self.out.push_str("<ul>\n");
        for (nth, (tally, of)) in
            comparison.tallies.iter().zip(comparison.exercises.iter().skip(1)).enumerate()
        {
            let letter = figure(&format!("exercises[{}].letter", nth + 1), of.letter);
            let counts = shown::tally(tally).map(|(answer, count)| {
                let path = format!("tallies[{nth}].{}", answer.replace(' ', "_"));
                let count = figure(&path, &count.to_string());
                format!("{} {} {count}", sign(answer), self.named("answer", answer))
            });
            let _ = writeln!(self.out, "<li><strong>{letter}</strong>: {}</li>", counts.join(", "));
        }
        self.out.push_str("</ul>\n</section>\n");
    }

    fn charts(&mut self, comparison: &Comparison) {
        let title = self.say("compare-charts");
        self.heading(&title);
        let align = self.say(shown::align(comparison.chart.align));
        let _ = writeln!(self.out, "<p class=\"note\">{align}</p>");
        for name in chart::OVERLAID {
            if let Some(chart) = chart::overlaid(&comparison.chart, self.lang, name) {
                let title = self.say(&format!("compare-chart-{name}"));
                let _ = writeln!(
                    self.out,
                    "<figure><figcaption><strong>{title}</strong></figcaption>\n{}<p class=\"summary\">{}</p></figure>",
                    chart.svg,
                    harmless(&chart.summary)
                );
            }
        }
        self.out.push_str("</section>\n");
    }

    fn differences(&mut self, comparison: &Comparison) {
        let title = self.say("compare-differences");
        self.heading(&title);
        if comparison.differences.is_empty() {
            let none = self.say("compare-no-differences");
            let _ = write!(self.out, "<p>{none}</p>\n</section>\n");
            return;
        }
        self.out.push_str("<div class=\"scroll\"><table><thead><tr><th scope=\"col\"></th>");
        for one in &comparison.exercises {
            let _ = write!(self.out, "<th scope=\"col\">{}</th>", one.letter);
        }
        self.out.push_str("</tr></thead><tbody>\n");
        for (nth, one) in comparison.differences.iter().enumerate() {
            let _ = write!(self.out, "<tr><th scope=\"row\">{}</th>", self.named("what", one.what));
            for (at, value) in one.values.iter().enumerate() {
                let path = format!("differences[{nth}].values[{at}]");
                let _ =
                    write!(self.out, "<td>{}</td>", figure(&path, &named_value(self.lang, value)));
            }
            self.out.push_str("</tr>\n");
        }
        let note = self.say("compare-digest-says");
        let _ =
            write!(self.out, "</tbody></table></div>\n<p class=\"note\">{note}</p>\n</section>\n");
    }

    fn group(&mut self, comparison: &Comparison, group: &Group, nth: usize) {
        let title = self.named("group", group.group);
        self.heading(&title);
        if group.rows.is_empty() {
            let none = self.say("compare-nothing");
            let _ = write!(self.out, "<p>{none}</p>\n</section>\n");
            return;
        }
        self.out.push_str("<div class=\"scroll\"><table><thead><tr>");
        for key in ["of", "team", "what"] {
            let _ = write!(self.out, "<th scope=\"col\">{}</th>", self.named("col", key));
        }
        let letters = || comparison.exercises.iter().map(|one| one.letter);
        let first = letters().next().unwrap_or_default();
        let changes = letters().skip(1).map(|letter| format!("{first} → {letter}"));
        for head in letters().map(str::to_owned).chain(changes) {
            let _ = write!(self.out, "<th scope=\"col\">{head}</th>");
        }
        self.out.push_str("</tr></thead><tbody>\n");
        for (at, row) in group.rows.iter().enumerate() {
            self.row(row, &format!("groups[{nth}].rows[{at}]"));
        }
        self.out.push_str("</tbody></table></div>\n</section>\n");
    }

    fn row(&mut self, row: &Row, path: &str) {
        let at = |name: &str, value: &Option<String>| {
            value.as_ref().map_or_else(String::new, |it| figure(&format!("{path}.{name}"), it))
        };
        let _ = write!(
            self.out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td>",
            at("of", &row.of),
            at("team", &row.team),
            self.named("row", row.what)
        );
        for (nth, cell) in row.cells.iter().enumerate() {
            let place = if cell.word.is_some() { "word" } else { "value" };
            let shown = shown::cell(self.lang, row, cell);
            let _ = write!(
                self.out,
                "<td{}>{}",
                if cell.evidence.is_some() { "" } else { " class=\"w\"" },
                figure(&format!("{path}.cells[{nth}].{place}"), &shown)
            );
            if let Some(evidence) = &cell.evidence {
                let path = format!("{path}.cells[{nth}].evidence");
                let _ = write!(
                    self.out,
                    "<br/><span class=\"evidence\">{}</span>",
                    figure(&path, evidence)
                );
            }
            self.out.push_str("</td>");
        }
        for (nth, change) in row.changes.iter().enumerate() {
            let by = shown::difference(self.lang, row, change).map_or_else(String::new, |by| {
                figure(&format!("{path}.changes[{nth}].by"), &by) + " "
            });
            let answer = shown::answer(self.lang, change);
            let words = answer.split_once(' ').map_or(&*answer, |(_, words)| words);
            let _ = write!(self.out, "<td>{by}{} {}</td>", sign(change.answer), escaped(words));
        }
        self.out.push_str("</tr>\n");
    }
}

fn sign(answer: &str) -> String {
    sheet::sign(answer, shown::sign(answer))
}
