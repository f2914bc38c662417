//! Templates filled with a report: its JSON, texts in a language, charts. A template reads nothing else, runs nothing and
//! ends. Not the template of the report itself (`html`).

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Rest, Serde};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, Value};
use serde_json::Value as Json;

use super::chart::{self, Chart};
use super::model::Report;
use super::path::at;
use super::seen::seen;
use super::unit::Unit;
use super::{markdown, markup, parts, words};
use crate::lang::{Arg, Lang, Language};

/// So many steps a template may take: enough for the longest exercise, and an end to a loop that has none.
const FUEL: u64 = 50_000_000;

/// Characters that no text of a report has; a place stands between two of them while a text is made.
const PLACE: [char; 2] = ['\u{fdd0}', '\u{fdd1}'];

/// What every function of a template has at hand.
struct Desk {
    json: Json,
    lang: Lang,
    charts: Vec<(String, Chart)>,
}

/// The report in a template of the user. By the ending of `name` (`.html`, `.xml`) what is put in is escaped, or not.
///
/// # Errors
/// File, line and why, for people.
pub fn render(
    report: &Report,
    language: Language,
    name: &str,
    source: &str,
) -> Result<String, String> {
    filled(report, language, (name, source), Some(FUEL))
}

/// The same with a template of this program, which ends by itself however long the exercise was.
pub(super) fn ours(
    report: &Report,
    language: Language,
    name: &str,
    source: &str,
) -> Result<String, String> {
    filled(report, language, (name, source), None)
}

fn filled(
    report: &Report,
    language: Language,
    (name, source): (&str, &str),
    fuel: Option<u64>,
) -> Result<String, String> {
    let lang = Lang::new(language);
    let charts = chart::names(report).into_iter();
    let charts = charts.filter_map(|name| {
        let chart = chart::chart(report, &lang, &name)?;
        Some((name, chart))
    });
    let json = harmless(serde_json::to_value(report).unwrap_or_default());
    let desk = Arc::new(Desk { json, charts: charts.collect(), lang });
    let mut environment = bare(fuel);
    functions(&mut environment, &desk);
    filters(&mut environment, &desk);
    let texts = || Ok(Serde(&desk.json).into());
    let context: Result<Value, Error> = texts();
    let filled = context.and_then(|report| {
        environment.add_template(name, source)?;
        let context = BTreeMap::from([
            ("report", report),
            ("lang", language.code().into()),
            ("style", Value::from_safe_string(parts::STYLE.to_owned())),
            ("script", Value::from_safe_string(parts::SCRIPT.to_owned())),
            ("script_hash", parts::script_hash().into()),
        ]);
        environment.get_template(name)?.render(Value::from(context))
    });
    filled.map_err(|error| why(&error, name))
}

/// An environment for templates that end after so many steps, without functions of ours.
pub(super) fn bare<'a>(fuel: Option<u64>) -> Environment<'a> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_fuel(fuel);
    environment.set_debug(true);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build();
    if let Ok(syntax) = syntax {
        environment.set_syntax(syntax);
    }
    environment
}

/// Every text in it made harmless: whatever a template does with it, nothing acts or hides.
fn harmless(json: Json) -> Json {
    match json {
        Json::String(text) => Json::String(seen(&text)),
        Json::Array(all) => Json::Array(all.into_iter().map(harmless).collect()),
        Json::Object(all) => all.into_iter().map(|(key, one)| (key, harmless(one))).collect(),
        other => other,
    }
}

/// What is wrong with a template, for people.
pub(super) fn why(error: &Error, name: &str) -> String {
    let mut out = seen(error.name().unwrap_or(name));
    if let Some(line) = error.line() {
        out += &format!(":{line}");
    }
    out += &format!(": {}", error.kind());
    if let Some(detail) = error.detail() {
        out += &format!(": {}", seen(detail));
    }
    let line = error.line().zip(error.template_source());
    if let Some(text) = line.and_then(|(line, text)| text.lines().nth(line.checked_sub(1)?)) {
        out += &format!("\n  {}", seen(text));
    }
    out
}

fn functions(environment: &mut Environment<'_>, desk: &Arc<Desk>) {
    let own = Arc::clone(desk);
    environment.add_function("t", move |state: &State<'_, '_>, key: String, places: Kwargs| {
        told(state, &own.lang, &key, &places)
    });
    let own = Arc::clone(desk);
    environment.add_function(
        "fig",
        move |state: &State<'_, '_>, path: String, unit: String, none: Option<String>| {
            figure(state, &own, &path, &unit, none)
        },
    );
    let own = Arc::clone(desk);
    environment.add_function("chart", move |state: &State<'_, '_>, name: String| {
        let chart = named(&own, &name)?;
        Ok::<_, Error>(match state.auto_escape() {
            AutoEscape::None => Value::from(chart.summary.clone()),
            _ => Value::from_safe_string(chart.svg.clone()),
        })
    });
    let own = Arc::clone(desk);
    environment.add_function("chart_summary", move |name: String| {
        Ok::<_, Error>(named(&own, &name)?.summary.clone())
    });
    environment.add_function("joined", |state: &State<'_, '_>, parts: Rest<Value>| {
        let markup = !matches!(state.auto_escape(), AutoEscape::None);
        let text: String = parts.iter().map(|part| piece(part, markup)).collect();
        if markup { Value::from_safe_string(text) } else { Value::from(text) }
    });
}

fn filters(environment: &mut Environment<'_>, desk: &Arc<Desk>) {
    for (name, unit) in Unit::NAMED {
        let own = Arc::clone(desk);
        environment.add_filter(format!("as_{name}"), move |value: Serde<Json>| {
            unit.show(&value.0, &own.lang)
                .unwrap_or_else(|| own.lang.say("report-no-data").into_owned())
        });
    }
    environment.add_filter("md", |text: String| markdown::escaped(&text));
    let own = Arc::clone(desk);
    environment.add_filter("word", move |text: String| words::word(&own.lang, &text));
}

fn named<'a>(desk: &'a Desk, name: &str) -> Result<&'a Chart, Error> {
    let found = desk.charts.iter().find(|(known, _)| known == name);
    found.map(|(_, chart)| chart).ok_or_else(|| {
        let known =
            desk.charts.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        wrong(format!("there is no chart \"{name}\"; there are {known}"))
    })
}

fn wrong(why: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, why)
}

/// What stands at a place of the JSON, for people; in markup with the place beside it.
fn figure(
    state: &State<'_, '_>,
    desk: &Desk,
    path: &str,
    unit: &str,
    none: Option<String>,
) -> Result<Value, Error> {
    let known = || Unit::NAMED.map(|(name, _)| name).join(", ");
    let unit = Unit::named(unit)
        .ok_or_else(|| wrong(format!("there is no unit \"{unit}\"; there are {}", known())))?;
    let value = at(&desk.json, path)
        .ok_or_else(|| wrong(format!("the report has nothing at \"{path}\"")))?;
    let none = || none.unwrap_or_else(|| desk.lang.say("report-no-data").into_owned());
    let text = unit.show(value, &desk.lang).filter(|text| !text.is_empty()).unwrap_or_else(none);
    if matches!(state.auto_escape(), AutoEscape::None) {
        return Ok(text.into());
    }
    let (path, text) = (markup::escaped(path), markup::escaped(&text));
    Ok(Value::from_safe_string(format!("<span data-path=\"{path}\">{text}</span>")))
}

/// A text of the catalogues with its places filled; in markup a place may be markup.
fn told(state: &State<'_, '_>, lang: &Lang, key: &str, places: &Kwargs) -> Result<Value, Error> {
    let markup = !matches!(state.auto_escape(), AutoEscape::None);
    let mut filled: Vec<(String, String)> = Vec::new();
    let mut count = None;
    for name in places.args() {
        let value: Value = places.get(name)?;
        if name == "count" && value.is_integer() {
            count = value.as_usize();
        }
        filled.push((name.to_owned(), piece(&value, markup)));
    }
    let marks: Vec<String> =
        (0..filled.len()).map(|index| format!("{}{index}{}", PLACE[0], PLACE[1])).collect();
    // Names of places live as long as the catalogue wants them: there are few, all known.
    let args: Vec<(&'static str, Arg<'_>)> = filled
        .iter()
        .zip(&marks)
        .filter_map(|((name, _), mark)| {
            let name = NAMES.into_iter().find(|known| known == name)?;
            Some((name, count.filter(|_| name == "count").map_or(Arg::Text(mark), Arg::Count)))
        })
        .collect();
    if let Some((unknown, _)) = filled.iter().find(|(name, _)| !NAMES.contains(&name.as_str())) {
        return Err(wrong(format!(
            "no text has a place \"{unknown}\"; places: {}",
            NAMES.join(", ")
        )));
    }
    let said = lang.tell(key, &args);
    let mut text = if markup { markup::escaped(&said) } else { said.into_owned() };
    for (mark, (_, value)) in marks.iter().zip(&filled) {
        text = text.replace(mark, value);
    }
    Ok(if markup { Value::from_safe_string(text) } else { text.into() })
}

/// Every name that a place of a report's text has.
const NAMES: [&str; 17] = [
    "count", "all", "value", "low", "then", "high", "when", "title", "team", "incident", "after",
    "by", "reason", "time", "name", "what", "who",
];

fn piece(value: &Value, markup: bool) -> String {
    if markup && !value.is_safe() { markup::escaped(&value.to_string()) } else { value.to_string() }
}
