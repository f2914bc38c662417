//! `gameday catalog`: every type of fault with what it does, its parameters, its undo, and the targets that can do it. The
//! table itself stands in the domain.

use std::fmt::Write as _;

use strsim::damerau_levenshtein;

use crate::gameday::catalog::{FaultType, Seat, TYPES, find, lab_lacks};
use crate::gameday::text::printable;

/// All types, or the one with this name.
///
/// # Errors
/// That there is no such type.
pub fn catalog(name: Option<&str>) -> Result<String, String> {
    let mut out = String::new();
    match name {
        Some(name) => write_type(&mut out, find(name).ok_or_else(|| unknown(name))?),
        None => {
            out.push_str(
                "Faults, as they stand in a game day under experiment: { type: … }. Each also takes name, duration (to the \
                 end\nof its phase where it has none), target, mode (one, all, fixed, fixed-percent, random-max-percent; \
                 all) and value.\nA value behind a semicolon is what holds where nothing is written.\n",
            );
            for one in TYPES {
                out.push('\n');
                write_type(&mut out, one);
            }
            out.push_str(
                "\nWhat does it on Kubernetes stands in brackets; parameters that it cannot keep there are refused before \
                 anything\nstarts, by run --dry-run, too. Nothing can be injected behind an address (url).\n",
            );
        }
    }
    Ok(out)
}

fn unknown(name: &str) -> String {
    let near = TYPES.iter().map(|one| (damerau_levenshtein(one.name, name), one.name)).min();
    let shown = printable(name, 60);
    match near {
        Some((distance, near)) if distance <= 3 => {
            format!("\"{shown}\" is no type of experiment; did you mean \"{near}\"?")
        }
        _ => format!("\"{shown}\" is no type of experiment; gameday catalog lists them"),
    }
}

fn write_type(out: &mut String, one: &FaultType) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}\n  {}", one.name, one.about);
    line(out, "target", &target(one.seat));
    for parameter in one.parameters {
        line(out, parameter.name, parameter.about);
    }
    line(out, "undo", one.undo);
    let lab = match lab_lacks(one.name) {
        Some(why) => format!("not the lab ({why})"),
        None => "lab".to_owned(),
    };
    let kubernetes = match one.kubernetes {
        "" => "not kubernetes (nothing there does it)".to_owned(),
        how => format!("kubernetes ({how})"),
    };
    line(out, "runs on", &format!("{lab}; {kubernetes}"));
}

fn line(out: &mut String, head: &str, text: &str) {
    let _ = writeln!(out, "    {head:<12} {text}");
}

fn target(seat: Seat) -> String {
    match seat {
        Seat::Pods => "{ selector: { app: web-app } } or { service: web-app }; needed".to_owned(),
        Seat::Workloads => {
            "{ selector: { app: web-app } } or { service: web-app }; needed; always all its pods"
                .to_owned()
        }
        Seat::Given => "{ selector: … } where the objects do not name pods by labels".to_owned(),
        Seat::TwoSides => {
            "{ source: { selector: … }, destination: { selector: … } }; needed".to_owned()
        }
        Seat::Whole(label) => format!("{{ {label}: … }}; needed; always all of it"),
        Seat::Usually(labels) => {
            let labels: Vec<String> =
                labels.iter().map(|(key, value)| format!("{key}: {value}")).collect();
            format!("{{ selector: {{ {} }} }} where none is written", labels.join(", "))
        }
    }
}
