//! What is to be watched as the text of a file that reads back to the same. Not the reading of it.

use super::tree::{Out, Tree, Written, map, one, unit};
use crate::gameday::service::{Service, Share, promql};
use crate::gameday::unit::Unit;
use crate::gameday::watch::{PanelFile, WatchFile};

/// The file, in the form of this program.
pub fn watch(file: &WatchFile) -> String {
    let mut entries = vec![("watch", one("v1"))];
    entries.extend(file.title.as_ref().map(|title| ("title", one(title))));
    entries.extend(file.every.map(|every| ("every", one(promql(every)))));
    for (key, list) in [
        ("panels", file.panels.iter().map(panel).collect::<Vec<_>>()),
        ("slos", file.services.iter().map(slo).collect()),
    ] {
        if !list.is_empty() {
            entries.push((key, Tree::List(list)));
        }
    }
    Written::new(&map(entries), &Out::new()).text()
}

fn panel(panel: &PanelFile) -> Tree {
    let mut entries = vec![("name", one(&panel.name)), ("title", one(&panel.title))];
    if !panel.group.is_empty() {
        entries.push(("group", one(&panel.group)));
    }
    let behind = if panel.unit == Unit::Millis { "ms" } else { "" };
    entries.extend([("query", one(&panel.query)), ("unit", one(unit(panel.unit)))]);
    for (key, limit) in [("min", panel.min), ("max", panel.max)] {
        let Some(limit) = limit else { continue };
        let share = panel.unit == Unit::Share;
        let text = if share { percent(limit) } else { format!("{limit}{behind}") };
        entries.push((key, one(text)));
    }
    map(entries)
}

fn slo(service: &Service) -> Tree {
    let mut entries = vec![
        ("name", one(&service.name)),
        ("title", one(&service.title)),
        ("objective", one(percent(service.objective))),
        ("period", one(promql(service.period))),
    ];
    match &service.share {
        Share::Events { bad, all } => entries.extend([("bad", one(bad)), ("all", one(all))]),
        Share::Good { good, all } => entries.extend([("good", one(good)), ("all", one(all))]),
        Share::Ratio(ratio) => entries.push(("ratio", one(ratio))),
    }
    map(entries)
}

/// A share in percent, where that reads back to the very same.
fn percent(share: f64) -> String {
    let percent = format!("{}", share * 100.0);
    match format!("{percent}e-2").parse::<f64>() {
        Ok(back) if back == share => format!("{percent}%"),
        _ => format!("{share}"),
    }
}
