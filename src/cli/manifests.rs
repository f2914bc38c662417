//! The manifests that a game day names: read from the files beside it, so that from then on it holds everything itself.

use std::path::Path;

use super::library::load_path;
use crate::gameday::fault::Fault;
use crate::gameday::manifest::{documents, put};
use crate::gameday::plan::GameDay;
use crate::gameday::problem::show::render;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// Reads every file that an injection of `plan` names, from the folder of `file`, where the plan stands.
///
/// # Errors
/// Everything that is wrong with any of them, with its place; for people.
pub(super) fn fill(plan: &mut GameDay, file: &str) -> Result<(), String> {
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    let whole = plan.duration();
    let (mut wrong, mut begin) = (String::new(), Span::ZERO);
    for phase in &mut plan.phases {
        for planned in &mut phase.injections {
            let Fault::Manifest { file: name, documents } = &planned.experiment.fault else {
                continue;
            };
            if !documents.is_empty() {
                continue;
            }
            let room = whole - (begin + planned.offset);
            let found = read(&folder.join(name)).and_then(|(objects, shown)| {
                put(&mut planned.experiment, objects, room)
                    .map_err(|why| format!("{shown}: error: {why}\n"))
            });
            if let Err(why) = found {
                wrong.push_str(&why);
            }
        }
        begin += phase.duration;
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// The objects of a file, and its name for people.
fn read(path: &Path) -> Result<(Vec<serde_json::Value>, String), String> {
    let (text, name) = load_path(path).map_err(|why| format!("error: {why}\n"))?;
    let shown = printable(&name, 200);
    documents(&text).map(|objects| (objects, shown)).map_err(|why| render(&why, &text, &name))
}
