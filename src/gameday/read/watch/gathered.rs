//! What was read so far, and names that tell the parts of it from each other.

use std::collections::HashMap;

use super::super::findings::Findings;
use super::super::value;
use super::super::whole::{slug, slugged};
use crate::gameday::node::Node;
use crate::gameday::problem::Place;
use crate::gameday::service::Service;
use crate::gameday::watch::{PanelFile, WatchFile};

/// What was read so far.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) watch: WatchFile,
    /// Names with their lines.
    names: HashMap<String, usize>,
}

/// What becomes of a name that is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Twice {
    /// It is a mistake.
    Refused,
    /// The second is left out: the file is another program's.
    LeftOut,
}

impl Gathered {
    pub(super) fn service(
        &mut self,
        service: Service,
        place: Place,
        twice: Twice,
        findings: &mut Findings,
    ) {
        if self.is_new(&service.name, place, twice, findings) {
            self.watch.services.push(service);
        }
    }

    pub(super) fn panel(
        &mut self,
        panel: PanelFile,
        place: Place,
        twice: Twice,
        findings: &mut Findings,
    ) {
        if self.is_new(&panel.name, place, twice, findings) {
            self.watch.panels.push(panel);
        }
    }

    fn is_new(&mut self, name: &str, place: Place, twice: Twice, findings: &mut Findings) -> bool {
        let Some(line) = self.names.get(name) else {
            self.names.insert(name.to_owned(), place.line);
            return true;
        };
        let why = format!("the first stands in line {line}; nobody could tell them apart");
        if twice == Twice::Refused {
            let what = format!("a second one is named \"{name}\"");
            findings.error(place, what, why, "give it another name");
        } else {
            let what = format!("a second \"{name}\" is left out");
            findings.warning(place, what, why, "give it another name");
        }
        false
    }
}

/// A name as it has to be: lower-case letters, digits, dashes.
pub(super) fn name(node: &Node, findings: &mut Findings) -> Option<String> {
    let why = "names are lower-case letters, digits and dashes, at most 63";
    slugged(node, ("a name", why), findings)
}

/// A name made of what another program calls it.
pub(super) fn made_name(parts: &[&str], place: Place) -> String {
    let name = slug(&parts.join("-"));
    if name.is_empty() { format!("line-{}", place.line) } else { name }
}

/// Words for people in one line.
pub(super) fn title(node: &Node, findings: &mut Findings) -> Option<String> {
    Some(value::text(node, findings)?.split_whitespace().collect::<Vec<_>>().join(" "))
}
