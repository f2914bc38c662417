//! `expect:` and `hints:` of an injection: what should come of it, and the help that may be given. Not the judging.

use super::fields::Fields;
use super::findings::Findings;
use super::objectives::{self, Named};
use super::{limits, value};
use crate::gameday::node::{Kind, Node};
use crate::gameday::people::{Expected, Hint, Noticed};
use crate::gameday::plan::GameDay;
use crate::gameday::problem::{Place, suggestion};
use crate::gameday::text::printable;

/// The most points that a hint costs.
const MOST_COST: u32 = 1_000;

/// What a file says of an injection besides the fault itself.
#[derive(Default)]
pub(super) struct Wanted {
    /// What should happen, in words.
    pub(super) what: Option<String>,
    pub(super) expected: Expected,
    pub(super) hints: Vec<Hint>,
    pub(super) places: Places,
}

/// Where the parts of an expectation stand that are checked in view of the whole.
#[derive(Default)]
pub(super) struct Places {
    noticed: Option<Place>,
    within: Option<Place>,
    pub(super) names: Vec<Named>,
}

/// Reads both keys; what could not be read is left out.
pub(super) fn read(fields: &mut Fields<'_>, findings: &mut Findings) -> Wanted {
    let mut wanted = Wanted::default();
    if let Some(node) = fields.take("expect", findings) {
        match node.kind {
            Kind::Map(_) => detailed(node, &mut wanted, findings),
            _ => wanted.what = value::text(node, findings),
        }
    }
    if let Some(node) = fields.take("hints", findings) {
        let items = value::list(node, "hints", findings).unwrap_or_default();
        wanted.hints = items.iter().filter_map(|item| hint(item, findings)).collect();
    }
    wanted
}

fn detailed(node: &Node, wanted: &mut Wanted, findings: &mut Findings) {
    let Some(mut fields) = Fields::of(node, "an expectation", findings) else { return };
    let what = fields.need("what", "Nobody notices.", findings);
    wanted.what = what.and_then(|node| value::text(node, findings));
    let within = fields.take("within", findings);
    wanted.expected.within = within.and_then(|node| value::duration(node, findings));
    wanted.places.within = within.map(|node| node.place);
    let noticed = fields.take("noticed_by", findings);
    wanted.expected.noticed = noticed.and_then(|node| value::text(node, findings)).map(noticed_by);
    wanted.places.noticed = noticed.map(|node| node.place);
    let measure = fields.take("measure", findings);
    wanted.expected.measure =
        measure.and_then(|node| objectives::measure(node, &mut wanted.places.names, findings));
    fields.finish(findings);
}

fn noticed_by(word: String) -> Noticed {
    match word.as_str() {
        "anyone" => Noticed::Anyone,
        "nobody" => Noticed::Nobody,
        _ => Noticed::Team(word),
    }
}

/// A hint is a text, or a text with what it costs.
fn hint(node: &Node, findings: &mut Findings) -> Option<Hint> {
    if !matches!(node.kind, Kind::Map(_)) {
        return value::text(node, findings).map(|text| Hint { text, cost: 0 });
    }
    let mut fields = Fields::of(node, "a hint", findings)?;
    let text = fields.need("text", "Look at the endpoints.", findings);
    let text = text.and_then(|node| value::text(node, findings));
    let cost = fields.take("cost", findings);
    let cost = cost.map_or(Some(0), |node| value::whole(node, 0, MOST_COST, findings));
    fields.finish(findings);
    Some(Hint { text: text?, cost: cost? })
}

/// Whether an expectation can be judged in this game day.
pub(super) fn check(plan: &GameDay, expected: &Expected, places: &Places, findings: &mut Findings) {
    if let (Some(Noticed::Team(team)), Some(place)) = (&expected.noticed, places.noticed)
        && !plan.teams.contains(team)
    {
        let what = format!("there is no team \"{}\"", printable(team, 60));
        let teams = plan.teams.iter().map(String::as_str);
        let known: Vec<&str> = teams.chain(["anyone", "nobody"]).collect();
        findings.error(place, what, "", suggestion(team, &known));
    }
    let recovers = matches!(expected.noticed, None | Some(Noticed::Nobody));
    if let (Some(_), Some(place), true) = (expected.within, places.within, recovers) {
        limits::recoverable(plan, place, findings);
    }
}
