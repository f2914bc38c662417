//! A file that says what is to be watched, in whichever form: which form it is, and what is left when everything was read.
//! Not the forms.

mod figure;
mod gathered;
mod indicator;
mod openslo;
mod own;
pub(super) mod query;
mod shelf;
mod sloth;

use self::gathered::Gathered;
use self::shelf::{Shelf, head, said};
use super::findings::Findings;
use crate::gameday::node::{self, Kind, Node};
use crate::gameday::problem::{Place, Problems, suggestion};
use crate::gameday::text::printable;
use crate::gameday::watch::WatchFile;

/// Where a file begins.
const START: Place = Place { line: 1, column: 1, width: 1 };

/// Keys that a game day has and nothing else does.
const GAME_DAY: [&str; 7] =
    ["gameday", "phases", "stages", "experiments", "scenario", "type", "steady_state"];

/// What a document is.
enum Form<'n> {
    Own,
    OpenSlo,
    Sloth,
    SlothResource,
    GameDay,
    /// Another program's: what it says of itself.
    Foreign(String),
    /// Something like one of them, of another version.
    Version(&'n Node, &'static str),
    Unknown,
}

/// What was read.
pub(super) enum Read {
    /// A game day, and nothing was looked at.
    GameDay,
    /// What is to be watched, where no problem is an error.
    Watch(Option<WatchFile>, Problems),
}

/// Reads what is to be watched; what cannot be is left out with a warning.
pub(super) fn read(text: &str) -> Read {
    let documents = match node::parse_all(text) {
        Ok(documents) => documents,
        Err(problem) => {
            let mut problems = Problems::default();
            problems.push(problem);
            return Read::Watch(None, problems);
        }
    };
    let documents: Vec<&Node> = documents.iter().flat_map(unpacked).collect();
    if let [only] = documents.as_slice()
        && matches!(form(only), Form::GameDay)
    {
        return Read::GameDay;
    }
    let mut findings = Findings::default();
    let mut gathered = Gathered::default();
    each(&documents, &mut gathered, &mut findings);
    if gathered.watch.is_empty() && !findings.is_fatal() {
        let what = "nothing stands here that can be watched";
        findings.error(START, what, "", "add panels: or slos: to a file with watch: v1");
    }
    let watch = (!findings.is_fatal()).then_some(gathered.watch);
    Read::Watch(watch, findings.into_problems())
}

/// The documents in a document: lists of them are as good as several.
fn unpacked(document: &Node) -> Vec<&Node> {
    match &document.kind {
        Kind::List(items) => items.iter().collect(),
        _ => match (said(document, "kind"), document.get("items")) {
            (Some("List"), Some(Node { kind: Kind::List(items), .. })) => items.iter().collect(),
            _ => vec![document],
        },
    }
}

fn each(documents: &[&Node], gathered: &mut Gathered, findings: &mut Findings) {
    let shelf = Shelf::of(
        documents.iter().filter(|document| matches!(form(document), Form::OpenSlo)).copied(),
    );
    for document in documents {
        let place = head(document);
        match form(document) {
            Form::Own => own::read(document, gathered, findings),
            Form::OpenSlo => openslo::read(document, &shelf, gathered, findings),
            Form::Sloth => sloth::plain(document, gathered, findings),
            Form::SlothResource => sloth::resource(document, gathered, findings),
            Form::GameDay => {
                let what = "a game day stands here among other documents";
                findings.error(place, what, "it has a file of its own", "move it into one");
            }
            Form::Foreign(what) => {
                let what = format!("{what} is left out");
                findings.warning(place, what, "it is nothing that can be watched", "");
            }
            Form::Version(node, right) => {
                let shown = said(document, "apiVersion").or(said(document, "version"));
                let shown = printable(shown.unwrap_or_default(), 60);
                let what = format!("\"{shown}\" is left out");
                let why = format!("of this form, only {right} is read");
                findings.warning(node.place, what, why, format!("convert it to {right}"));
            }
            Form::Unknown => unknown(document, place, findings),
        }
    }
}

fn unknown(document: &Node, place: Place, findings: &mut Findings) {
    let known = ["watch", "apiVersion", "version", "gameday"];
    let Kind::Map(entries) = &document.kind else {
        let what =
            format!("this is {}, and says nothing of what is to be watched", document.noun());
        findings.error(place, what, "", "write watch: v1, and below it panels: or slos:");
        return;
    };
    // A key that is nearly one of those says most.
    let near = entries.iter().find_map(|(key, _)| {
        let mend = suggestion(&printable(&key.text, 60), &known);
        mend.starts_with("did you mean").then_some((key, mend))
    });
    let why = "what is to be watched has watch: v1, or is of OpenSLO or Sloth";
    match near {
        Some((key, mend)) => {
            let what = format!("\"{}\" is no form that is known", printable(&key.text, 60));
            findings.error(key.place, what, why, mend);
        }
        None => findings.error(place, "this is no form that is known", why, "write watch: v1"),
    }
}

fn form(document: &Node) -> Form<'_> {
    let has = |key: &str| document.get(key).is_some();
    let (version, kind) = (said(document, "apiVersion"), said(document, "kind"));
    if has("watch") {
        return Form::Own;
    }
    if let (Some(node), Some(version)) = (document.get("apiVersion"), version) {
        return match version {
            "openslo/v1" | "openslo.com/v1" => Form::OpenSlo,
            "sloth.slok.dev/v1" if kind == Some("PrometheusServiceLevel") => Form::SlothResource,
            other if other.starts_with("openslo") => Form::Version(node, "openslo/v1"),
            other if other.starts_with("sloth.slok.dev/") => {
                Form::Version(node, "sloth.slok.dev/v1 with kind: PrometheusServiceLevel")
            }
            other => {
                let kind = kind.map(|kind| format!("{kind} of ")).unwrap_or_default();
                Form::Foreign(printable(&format!("{kind}{other}"), 80))
            }
        };
    }
    if let (Some(node), Some(version)) = (document.get("version"), said(document, "version"))
        && has("slos")
    {
        return match version {
            "prometheus/v1" => Form::Sloth,
            _ => Form::Version(node, "prometheus/v1"),
        };
    }
    // Promises of a game day are a set of keys, those of a watch a list.
    let listed = matches!(document.get("slos"), Some(Node { kind: Kind::List(_), .. }));
    if GAME_DAY.into_iter().any(has) {
        Form::GameDay
    } else if has("panels") || listed {
        Form::Own
    } else {
        Form::Unknown
    }
}
