//! The report as a page: well-formed, in both languages, every figure where its JSON path says, and every path documented.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::header::Header;
use gameday::exercise::id::{ImprovementId, IncidentId, InjectionId, LeverId};
use gameday::exercise::improvement::{Category, Proposal};
use gameday::exercise::incident::{IncidentStatus, Severity};
use gameday::exercise::lever::Lever;
use gameday::exercise::log::EntryKind;
use gameday::exercise::reading::{
    BreakerReading, Checkpoint, Failover, IntegrityCheck, Reading, TableComparison,
};
use gameday::exercise::signal::Signal;
use gameday::exercise::stamp::Stamp;
use gameday::gameday::instrument::Instrument;
use gameday::gameday::people::{DeckCard, Person, ResponseTargets, Role};
use gameday::gameday::span::Span;
use gameday::lang::{LANGUAGES, Lang, Language};
use gameday::report::model::Report;
use gameday::report::path::at;
use gameday::report::seen::seen;
use gameday::report::unit::Unit;
use gameday::report::{html, parts, template};
use roxmltree::{Document, Node};
use serde_json::Value;

use super::folded;
use crate::recording::story;

/// Roles, cards, hints, links, edits and what was decided.
fn people(header: &mut Header, events: &mut Vec<(u64, Event)>) {
    let text = |text: &str| text.to_owned();
    header.plan.people.response =
        ResponseTargets { detect: Some(Span::from_secs(15)), ..ResponseTargets::default() };
    header.plan.people.persons =
        vec![Person { name: text("mei"), team: Some(text("sre")), role: Some(Role::Scribe) }];
    let by = || text("facilitator");
    let (team, author) = (|| text("sre"), || text("Kim"));
    let logged = |kind, said: &str| Event::Logged {
        team: text("dev"),
        author: text("Kim"),
        text: text(said),
        kind,
        incident: None,
        evidence: vec![1, 2, 100_000],
        happened: Some(Stamp::new(Span::from_secs(200), header.began + 200_000)),
    };
    let says = Proposal {
        category: Category::Detection,
        text: text("Page on p99"),
        owner: Some(text("mei")),
        due: NaiveDate::from_ymd_opt(2026, 12, 15),
        evidence: vec![1, 100_000],
    };
    let card = DeckCard {
        name: text("press"),
        to: Some(text("sre")),
        text: text("A newspaper asks."),
        away: Some(text("mei")),
    };
    let id = ImprovementId(1);
    events.extend([
        (12_000, Event::RoleTaken { role: Role::IncidentCommander, person: text("mei"), by: by() }),
        (13_000, Event::RoleTaken { role: Role::IncidentCommander, person: text("ren"), by: by() }),
        (135_000, Event::CardDrawn { card, by: by() }),
        (136_500, Event::CardAcknowledged { card: 0, team: team(), author: author() }),
        (
            137_000,
            Event::HintGiven {
                injection: Some(InjectionId(1)),
                hint: 0,
                text: text("Look at the database."),
                cost: 5,
                to: Some(text("dev")),
                by: by(),
            },
        ),
        (
            151_000,
            Event::IncidentEdited {
                id: IncidentId(3),
                title: text("Everything is slow"),
                severity: Severity::Sev1,
                team: team(),
                author: author(),
            },
        ),
        (
            196_000,
            Event::IncidentOpened {
                id: IncidentId(5),
                team: team(),
                author: author(),
                title: text("p99 is high"),
                severity: Severity::Sev3,
                happened: Some(Stamp::new(Span::from_secs(195), header.began + 195_000)),
                people: vec![text("mei")],
                tags: vec![text("checkout")],
                signal: Some(Signal::Slo { slo: 1, nth: 0 }),
            },
        ),
        (
            197_000,
            Event::IncidentMoved {
                id: IncidentId(5),
                to: IncidentStatus::Duplicate,
                team: team(),
                author: author(),
                happened: None,
                of: Some(IncidentId(3)),
            },
        ),
        (
            224_700,
            Event::ExpectationJudged {
                id: InjectionId(0),
                met: true,
                by: by(),
                reason: text("we saw it"),
            },
        ),
        (224_710, Event::ImprovementNoted { id, says, team: team(), author: author() }),
        (224_720, logged(EntryKind::WentWell, "The page came at once")),
        (224_730, logged(EntryKind::WentBadly, "Nobody knew the runbook")),
        (224_740, logged(EntryKind::Lucky, "It was night")),
        (224_750, logged(EntryKind::Deploy, "web-app 2.4.1")),
        (224_760, logged(EntryKind::ConfigChange, "pool from 50 to 80")),
        (224_770, logged(EntryKind::Update, "We are working on it")),
        // While a fault is active, an incident is open and a promise is broken.
        (152_000, Event::MomentPinned { team: by(), author: by(), text: text("it turns <here>") }),
        (5_000, Event::MomentPinned { team: team(), author: author(), text: String::new() }),
    ]);
}

/// The story with everything that a report has a place for.
pub(super) fn full() -> Report {
    let mut header = story::header();
    header.plan.rollback = Some("Call the database people.".to_owned());
    header.plan.defences = gameday::gameday::defence::Defences::fragile();
    let mut events: Vec<(u64, Event)> = story::envelopes()
        .into_iter()
        .map(|one| (one.stamp.elapsed.as_millis(), one.event))
        .collect();
    for second in 0..224 {
        let values = BTreeMap::from([
            (Instrument::CacheHits, if (130..170).contains(&second) { 1.0 } else { 9.0 }),
            (Instrument::CacheMisses, 4.0),
            (Instrument::Retries, if second == 95 { 400.0 } else { 0.0 }),
            (Instrument::Forbidden, f64::from(u32::from(second == 90))),
            (Instrument::ReplicaLag, if second == 140 { 9_000.0 } else { 10.0 }),
        ]);
        let breaker = BreakerReading {
            owner: "api-gateway".into(),
            guards: "web-app browse".into(),
            count: 5,
            open: 0,
            opened: u32::from(second == 95),
            open_for: Span::from_millis(if second == 95 { 400 } else { 0 }),
        };
        let reading = Reading {
            start: Span::from_secs(second),
            length: Span::from_secs(1),
            values,
            breakers: vec![breaker],
            ..Reading::default()
        };
        events.push((second * 1_000 + 1_100, Event::Observed(reading)));
    }
    let tables = vec![("orders".to_owned(), 100)];
    events.push((1_000, Event::CheckpointTaken(Checkpoint { tables })));
    events.push((
        94_000,
        Event::FailedOver(Failover {
            from: "database-primary".into(),
            to: "database-replica".into(),
            took: Span::from_millis(1_800),
            behind: Span::from_millis(120),
            by: "controller".into(),
        }),
    ));
    let (team, author) = ("sre".to_owned(), "Kim".to_owned());
    let id = LeverId(1);
    events.push((101_000, Event::LeverPulled { id, lever: Lever::Promote, team, author }));
    events.push((
        101_250,
        Event::LeverDone { id, ok: true, said: "it is primary".to_owned().into() },
    ));
    let table =
        TableComparison { table: "orders".into(), rows: 1_304, extra: 1, ..Default::default() };
    let check = IntegrityCheck { tables: vec![table], acknowledged: 1_204, lost: 2 };
    events.push((224_900, Event::IntegrityChecked(check)));
    events.push((
        11_000,
        Event::NoGoOverridden { by: "facilitator".to_owned(), reason: "we know why".to_owned() },
    ));
    people(&mut header, &mut events);
    events.sort_by_key(|(at, _)| *at);
    let began = header.began;
    let number = |(index, (at, event)): (usize, (u64, Event))| Envelope {
        seq: index as u64 + 1,
        stamp: Stamp::new(Span::from_millis(at), began + i64::try_from(at).unwrap()),
        event,
    };
    let envelopes: Vec<Envelope> = events.into_iter().enumerate().map(number).collect();
    Report::from_state(&folded(header, &envelopes)).with_warnings(vec!["a torn line".to_owned()])
}

/// That of an exercise, and that of a watch.
fn both() -> [Report; 2] {
    [full(), super::watch::report(&Lang::new(Language::English))]
}

/// The page without what XML has no word for.
pub(super) fn markup(page: &str) -> &str {
    page.strip_prefix("<!DOCTYPE html>\n").unwrap_or_else(|| panic!("no page: {page:.80}"))
}

/// Everything a reader sees in an element, in one line.
pub(super) fn words(node: Node<'_, '_>) -> String {
    let texts = node.descendants().filter(Node::is_text);
    texts
        .filter_map(|one| one.text())
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// `injections[2].t0` as its documentation names it: `injections[].t0`.
pub(super) fn general(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        inside = c == '[' || (inside && c != ']');
        if !inside || c == '[' {
            out.push(c);
        }
    }
    out
}

/// Every documented path with its unit.
fn documented() -> BTreeMap<String, String> {
    let text = include_str!("../../docs/report-json.md");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (path, unit) = (cells[1].trim_matches('`'), cells[2].trim_matches('`'));
        assert!(!cells[3].is_empty(), "{path} has no meaning");
        (path.to_owned(), unit.to_owned())
    })
    .collect()
}

#[test]
fn every_figure_stands_in_the_json_where_its_path_says() {
    for report in both() {
        every_figure_is_there(&report);
    }
}

fn every_figure_is_there(report: &Report) {
    let json = serde_json::to_value(report).unwrap();
    let units = documented();
    for language in LANGUAGES {
        let lang = Lang::new(language);
        let page = html::render(report, language).unwrap();
        let document = Document::parse(markup(&page)).unwrap();
        let figures: Vec<Node<'_, '_>> =
            document.descendants().filter(|one| one.has_attribute("data-path")).collect();
        assert!(figures.len() > 1_000, "{}", figures.len());
        for figure in figures {
            let path = figure.attribute("data-path").unwrap();
            let value = at(&json, path).unwrap_or_else(|| panic!("{path} is not in the JSON"));
            let unit = &units[&general(path)];
            // What a query was answered is in the unit of the query.
            let of_query = path.split_once(".series").filter(|_| unit == "measured");
            let of_query = of_query.and_then(|(query, _)| at(&json, &format!("{query}.unit")));
            let unit = of_query.map_or(unit.as_str(), |unit| unit.as_str().unwrap());
            let unit = Unit::named(unit).unwrap_or_else(|| panic!("{path}: {unit} is no unit"));
            let shown = words(figure);
            match unit.show(value, &lang).filter(|text| !text.is_empty()) {
                Some(text) => {
                    let text = seen(&text).split_whitespace().collect::<Vec<_>>().join(" ");
                    assert_eq!(shown, text, "{path}");
                }
                None => {
                    assert!(value.is_null() || value == "", "{path}: {value}");
                    assert!(!shown.contains(|c: char| c.is_ascii_digit()), "{path}: {shown}");
                }
            }
        }
    }
}

/// What stands in an element outside of everything that has a path.
fn bare(node: Node<'_, '_>) -> String {
    if node.has_attribute("data-path") {
        return String::new();
    }
    match node.text() {
        Some(text) if node.is_text() => text.to_owned(),
        _ => node.children().map(bare).collect(),
    }
}

#[test]
fn no_figure_lacks_a_path() {
    // Names that are no figures.
    let named = ["p50", "p99", "4xx", "5xx", "T0", "TTA"];
    for (report, language) in both().iter().flat_map(|one| LANGUAGES.map(|it| (one, it))) {
        let page = html::render(report, language).unwrap();
        let document = Document::parse(markup(&page)).unwrap();
        let brief = document.descendants().find(|one| one.attribute("class") == Some("brief"));
        let brief = brief.unwrap();
        let outside = |one: &Node<'_, '_>| !one.ancestors().any(|it| it.has_tag_name("svg"));
        let headline = brief.descendants().filter(|one| {
            ["dd", "dt", "li", "p", "h2", "h3"].into_iter().any(|name| one.has_tag_name(name))
        });
        let cells = document
            .descendants()
            .filter(|one| ["td", "th", "dd"].into_iter().any(|name| one.has_tag_name(name)))
            .filter(|one| one.attribute("scope") != Some("col"))
            .filter(|one| one.ancestors().all(|it| it.attribute("class") != Some("method")));
        for cell in headline.chain(cells).filter(outside) {
            let mut text = bare(cell);
            for name in named {
                text = text.replace(name, "");
            }
            // Said of every report alike.
            text = text.replace("99 of 100", "").replace("99%", "");
            assert!(!text.contains(|c: char| c.is_ascii_digit()), "no path: {text:?}");
        }
    }
}

#[test]
fn every_path_of_the_json_is_documented_and_no_other() {
    let mut found = BTreeSet::new();
    for report in both() {
        walk(&serde_json::to_value(report).unwrap(), "", &mut found);
    }
    let documented = documented();
    let names: BTreeSet<String> = documented.keys().cloned().collect();
    // Nothing at a place that has places below it.
    let above = |path: &str| names.iter().any(|name| name.starts_with(&format!("{path}.")));
    let lacking: Vec<&String> = found.difference(&names).filter(|path| !above(path)).collect();
    assert!(lacking.is_empty(), "docs/report-json.md lacks {lacking:#?}");
    // A place that this report has nothing at is documented all the same.
    let rare = [
        "left[]",
        "inside.integrity.problem",
        "pauses[].end_reason",
        // Only where an Alertmanager is known; see `play::silences`.
        "silences[]",
        "people.real_incident",
        "watch.alerts_unknown",
        "watch.budgets[].beyond",
        // Only where a line was written anew.
        "log[].before",
        "lessons[].before",
        "people.improvements[].evidence[].before",
        "people.went_well[].before",
        "people.went_well[].evidence[].before",
        "people.went_badly[].before",
        "people.went_badly[].evidence[].before",
        "people.lucky[].before",
        "people.lucky[].evidence[].before",
        "people.board.rows[].cells[].tta.kept",
        "people.board.rows[].cells[].ttm.kept",
        "people.board.rows[].cells[].ttr.kept",
    ];
    let odd: Vec<&String> = names
        .difference(&found)
        .filter(|name| !rare.iter().any(|rare| name.starts_with(rare)))
        .filter(|name| !name.ends_with(".clock_ms"))
        .collect();
    assert!(odd.is_empty(), "no report has {odd:#?}");
    for (path, unit) in &documented {
        let known = Unit::named(unit).is_some() || unit == "measured";
        assert!(known, "{path}: {unit}");
    }
}

/// Every place below `json`; an instant and a length of time are one place each.
pub(super) fn walk(json: &Value, path: &str, found: &mut BTreeSet<String>) {
    match json {
        Value::Object(all) => {
            let whole = all.contains_key("wall_ms") || all.contains_key("running_ms");
            let whole = whole && path != "ran";
            if whole {
                found.insert(path.to_owned());
                return;
            }
            for (key, value) in all {
                let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                walk(value, &path, found);
            }
        }
        Value::Array(all) => {
            let path = format!("{path}[]");
            if all.is_empty() {
                return;
            }
            all.iter().for_each(|one| walk(one, &path, found));
        }
        _ => drop(found.insert(path.to_owned())),
    }
}

#[test]
fn the_page_is_one_file_that_fetches_and_runs_nothing_else() {
    both().iter().for_each(fetches_nothing);
}

fn fetches_nothing(report: &Report) {
    let page = html::render(report, Language::English).unwrap();
    let document = Document::parse(markup(&page)).unwrap();
    let policy = document
        .descendants()
        .find(|one| one.attribute("http-equiv") == Some("Content-Security-Policy"))
        .unwrap();
    let policy = policy.attribute("content").unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    let scripts: Vec<Node<'_, '_>> =
        document.descendants().filter(|one| one.has_tag_name("script")).collect();
    assert_eq!(scripts.len(), 1);
    assert_eq!(scripts[0].text(), Some(parts::SCRIPT), "as its hash in the policy says");
    assert!(policy.contains(&parts::script_hash()), "{policy}");
    for node in document.descendants().filter(Node::is_element) {
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!name.starts_with("on"), "{name}={value}");
            assert!(name != "src" && name != "style", "{name}={value}");
            assert!(name != "href" || value.starts_with('#'), "{name}={value}");
        }
    }
    assert!(!parts::STYLE.contains("url(") && !parts::STYLE.contains("@import"));
}

#[test]
fn the_page_can_be_read_by_ear_and_by_keyboard() {
    for (report, language) in both().iter().flat_map(|one| LANGUAGES.map(|it| (one, it))) {
        let page = html::render(report, language).unwrap();
        let document = Document::parse(markup(&page)).unwrap();
        let named =
            |name: &'static str| document.descendants().filter(move |one| one.has_tag_name(name));
        assert_eq!(document.root_element().attribute("lang"), Some(language.code()));
        for landmark in ["header", "main", "nav", "footer", "h1"] {
            assert_eq!(named(landmark).count(), 1, "{landmark}");
        }
        let mut level = 0;
        for node in document.descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            if let Some(next) = name.strip_prefix('h').and_then(|level| level.parse::<u32>().ok()) {
                assert!(next <= level + 1, "{}: from h{level} to h{next}", words(node));
                level = next;
            }
        }
        let ids: Vec<&str> = document.descendants().filter_map(|one| one.attribute("id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "an id twice");
        for link in document.descendants().filter_map(|one| one.attribute("href")) {
            assert!(unique.contains(&link[1..]), "{link} leads nowhere");
        }
        for table in named("table") {
            let has = |name: &str| table.descendants().any(|one| one.has_tag_name(name));
            assert!(has("caption"), "{}", words(table));
            let heads = table.descendants().filter(|one| one.has_tag_name("th"));
            heads.for_each(|one| assert!(one.has_attribute("scope"), "{}", words(one)));
        }
        for chart in
            named("svg").chain(document.descendants().filter(|one| one.tag_name().name() == "svg"))
        {
            assert!(chart.attribute("aria-label").is_some_and(|label| !label.is_empty()));
            assert!(chart.has_attribute("role"));
        }
        let marks = document.descendants().filter(|one| {
            one.tag_name().name() == "a" && one.ancestors().any(|it| it.tag_name().name() == "svg")
        });
        let marks: Vec<_> = marks.collect();
        let wanted = match report.watch {
            None => 3 + 5 + 2 + 2 + 2, // faults, incidents, violations, holds, changes
            Some(_) => 2 * (3 + 2 + 1 + 1), // violations, alerts, incidents, silences: twice
        };
        assert_eq!(marks.len(), wanted);
        marks.iter().for_each(|mark| assert!(mark.has_attribute("aria-label")));
        // No text of the catalogues is missing: its key would stand there.
        let key = words(document.root_element());
        let key = key.split_whitespace().find(|word| word.starts_with("report-"));
        assert_eq!(key, None);
    }
}

#[test]
fn the_page_speaks_the_language() {
    let page = html::render(&full(), Language::Japanese).unwrap();
    for said in
        ["目標は未達成", "期待と実際", "誤報", "提案", "データなしは 0 ではない", "フェーズ"]
    {
        assert!(page.contains(said), "{said}");
    }
    let document = Document::parse(markup(&page)).unwrap();
    // Words of this program: headings, heads of tables and captions have no English sentence left.
    let own = document.descendants().filter(|one| {
        let name = one.tag_name().name();
        name == "caption" || name == "dt" || one.attribute("scope") == Some("col")
    });
    for node in own {
        let text = bare(node);
        let latin =
            text.split_whitespace().filter(|word| word.chars().all(|c| c.is_ascii_lowercase()));
        assert!(latin.count() < 2, "{text}");
    }
}

#[test]
fn a_template_of_the_user_gets_the_same_and_nothing_else() {
    let report = full();
    let fill =
        |name: &str, source: &str| template::render(&report, Language::English, name, source);
    for (name, source, made) in [
        ("a.txt", "{{ report.title }}", "Black Friday <b>"),
        ("a.html", "{{ report.title }}", "Black Friday &lt;b&gt;"),
        ("a.xml", "<t>{{ report.title }}</t>", "<t>Black Friday &lt;b&gt;</t>"),
        ("a.md", "{{ report.title|md }}", "Black Friday &lt;b&gt;"),
        ("a.txt", "{{ fig('overall.met', 'count') }} {{ t('report-word-met') }}", "5 met"),
        ("a.html", "{{ fig('overall.met', 'count') }}", "<span data-path=\"overall.met\">5</span>"),
        ("a.txt", "{{ report.felt.availability|as_share }}", "99.659%"),
        ("a.txt", "{{ report.ran.running_ms|as_length }}", "3m00s"),
        ("a.txt", "{{ report.began|as_date }}", "2026-11-22 16:05:00 UTC"),
        ("a.txt", "{{ report.objectives[0].answer|word }}", "not met"),
        ("a.txt", "{% for one in report.phases %}{{ one.name }};{% endfor %}", "normal;peak;"),
        ("a.html", "{{ t('report-by', by='<b>') }}", "by &lt;b&gt;"),
        // Text that acts does so nowhere.
        ("a.txt", "{{ report.log[20].text }}", "再起動した 👩‍💻⏎second line ␛[2J⟨U+202E⟩evil"),
    ] {
        let found = fill(name, source);
        if source.contains("log[20]") {
            let shown = (0..60).any(|index| {
                fill(name, &source.replace("20", &index.to_string())).as_deref() == Ok(made)
            });
            assert!(shown);
            continue;
        }
        assert_eq!(found.as_deref(), Ok(made), "{source}");
    }
    assert!(fill("a.html", "{{ chart('load') }}").unwrap().starts_with("<svg "));
    assert!(fill("a.txt", "{{ chart('load') }}").unwrap().starts_with("Load: lowest 100/s"));
    assert_eq!(
        fill("report.html", parts::TEMPLATE),
        html::render(&report, Language::English),
        "ours is one of them"
    );
}

#[test]
fn a_wrong_template_says_where_and_why() {
    let report = full();
    for (source, wrong) in [
        ("one\n{{ report.titel }}", "own.txt:2: undefined value"),
        ("one\n\n{% for x in %}", "own.txt:3: syntax error"),
        (
            "{{ chart('pie') }}",
            "own.txt:1: invalid operation: there is no chart \"pie\"; there are lanes, load",
        ),
        ("{{ fig('felt.nothing', 'count') }}", "the report has nothing at \"felt.nothing\""),
        ("{{ fig('felt.ok', 'apples') }}", "there is no unit \"apples\""),
        ("{{ t('report-by', whom='x') }}", "no text has a place \"whom\""),
        ("{% include '/etc/passwd' %}", "own.txt:1: syntax error"),
        ("{{ open('/etc/passwd') }}", "unknown function"),
        (
            "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
            "ran out of fuel",
        ),
    ] {
        let why = template::render(&report, Language::English, "own.txt", source).unwrap_err();
        assert!(why.contains(wrong), "{source}: {why}");
        assert!(why.starts_with("own.txt"), "{why}");
    }
}

#[test]
fn every_text_of_the_template_is_in_the_catalogues() {
    let lang = Lang::new(Language::English);
    let keys = parts::TEMPLATE
        .split('"')
        .filter(|text| text.starts_with("report-") && !text.ends_with('-') && !text.contains(' '));
    let keys: BTreeSet<&str> = keys.collect();
    assert!(keys.len() > 150);
    let lacking: Vec<&&str> = keys.iter().filter(|key| lang.say(key) == ***key).collect();
    assert_eq!(lacking, Vec::<&&str>::new());
}
