//! `people:`, `response:` and `deck:`: who takes part, how fast teams should be, and the cards that have no time. Not the
//! cards of a phase (see `timeline`).

use super::fields::Fields;
use super::findings::Findings;
use super::value;
use crate::gameday::node::Node;
use crate::gameday::people::{DeckCard, People, Person, ROLES, ResponseTargets, Role};
use crate::gameday::problem::{Place, suggestion};
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// The longest name that people type, in characters.
const LONGEST_NAME: usize = 40;

/// Reads what a game day says of people.
pub(super) fn read(fields: &mut Fields<'_>, teams: &[String], findings: &mut Findings) -> People {
    let node = fields.take("people", findings);
    let persons = node.map(|node| persons(node, teams, findings)).unwrap_or_default();
    let node = fields.take("response", findings);
    let response = node.map(|node| response(node, findings)).unwrap_or_default();
    let node = fields.take("deck", findings);
    let deck = node.map(|node| deck(node, teams, &persons, findings)).unwrap_or_default();
    People { persons, deck, response }
}

fn persons(node: &Node, teams: &[String], findings: &mut Findings) -> Vec<Person> {
    let mut found: Vec<Person> = Vec::new();
    for item in value::list(node, "people", findings).unwrap_or_default() {
        let Some(mut fields) = Fields::of(item, "a person", findings) else { continue };
        let name_node = fields.need("name", "aiko", findings);
        let name = name_node.and_then(|node| typed(node, "behind @", findings));
        let team = fields.take("team", findings);
        let team = team.and_then(|node| {
            let team = value::text(node, findings)?;
            known_team(&team, node.place, teams, findings);
            Some(team)
        });
        let role_node = fields.take("role", findings);
        let role = role_node.and_then(|node| role(node, findings));
        fields.finish(findings);
        let Some((node, name)) = name_node.zip(name) else { continue };
        if let Some(first) = found.iter().find(|one| alike(&one.name, &name)) {
            let what = format!("a second person is named \"{}\"", printable(&name, 60));
            let why = format!("nobody could tell who is meant by @{}", printable(&first.name, 60));
            findings.error(node.place, what, why, "give one of them another name");
        }
        let held = |one: &&Person| one.role == role && role.is_some_and(|role| !role.is_shared());
        if let (Some(first), Some(role), Some(node)) = (found.iter().find(held), role, role_node) {
            let what = format!("{role} is already {}", printable(&first.name, 60));
            let why = "only observer is a role of several people";
            findings.error(node.place, what, why, "give one of them another role");
        }
        found.push(Person { name, team, role });
    }
    found
}

/// Whether two names are the same to whoever types them.
fn alike(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn role(node: &Node, findings: &mut Findings) -> Option<Role> {
    let text = value::raw(node, findings)?;
    let found = Role::named(text);
    if found.is_none() {
        let what = format!("\"{}\" is no role", printable(text, 60));
        let mend = match Role::named(&text.to_lowercase().replace([' ', '_'], "-")) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => suggestion(text, &ROLES.map(Role::name)),
        };
        findings.error(node.place, what, "", mend);
    }
    found
}

/// A name that people type: letters of any script, digits, `-`, `_` and `.`. A dot at its end would be taken for that of
/// the sentence.
fn typed(node: &Node, how: &str, findings: &mut Findings) -> Option<String> {
    let name = value::text(node, findings)?;
    let right = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let edges = name.starts_with(char::is_alphanumeric) && !name.ends_with('.');
    if edges && name.chars().all(right) && name.chars().count() <= LONGEST_NAME {
        return Some(name);
    }
    let mended: String =
        name.chars().take(LONGEST_NAME).map(|c| if right(c) { c } else { '-' }).collect();
    let mended = mended.trim_matches(|c: char| !c.is_alphanumeric());
    let what = format!("\"{}\" cannot be a name", printable(&name, 60));
    let why = format!(
        "it is typed {how}: a letter of any script or a digit, then these and - _ . up to {LONGEST_NAME} characters"
    );
    let mend = if mended.is_empty() { String::new() } else { format!("write {mended}") };
    findings.error(node.place, what, why, mend);
    None
}

fn response(node: &Node, findings: &mut Findings) -> ResponseTargets {
    let Some(mut fields) = Fields::of(node, "response", findings) else {
        return ResponseTargets::default();
    };
    let mut time = |key| {
        let node = fields.take(key, findings)?;
        Some((value::duration(node, findings)?, node.place))
    };
    let [detect, acknowledge, mitigate, resolve] =
        ["detect", "acknowledge", "mitigate", "resolve"].map(&mut time);
    fields.finish(findings);
    let span = |time: Option<(Span, Place)>| time.map(|(span, _)| span);
    let targets = ResponseTargets {
        detect: span(detect),
        acknowledge: span(acknowledge),
        mitigate: span(mitigate),
        resolve: span(resolve),
    };
    order(&targets, mitigate, resolve, findings);
    targets
}

/// Whether the times can follow one another. The first word about each time is enough.
fn order(
    targets: &ResponseTargets,
    mitigate: Option<(Span, Place)>,
    resolve: Option<(Span, Place)>,
    findings: &mut Findings,
) {
    let mut before = |later: &str, (time, place): (Span, Place), earlier: &str, least: Span| {
        let wrong = time < least;
        if wrong {
            let what = format!("{later} ({time}) comes before {earlier} ({least})");
            let why = "times count from when the fault took effect, acknowledge from the opening of the incident";
            findings.warning(place, what, why, format!("write {least} or more"));
        }
        wrong
    };
    if let (Some(mitigate), Some(detect)) = (mitigate, targets.detect) {
        before("mitigate", mitigate, "detect", detect);
    }
    let Some(resolve) = resolve else { return };
    if targets.mitigate.is_some_and(|least| before("resolve", resolve, "mitigate", least)) {
        return;
    }
    match (targets.detect, targets.acknowledge) {
        (Some(detect), Some(acknowledge)) => {
            before("resolve", resolve, "detect and acknowledge", detect + acknowledge);
        }
        (Some(least), None) => {
            before("resolve", resolve, "detect", least);
        }
        (None, Some(least)) => {
            before("resolve", resolve, "acknowledge", least);
        }
        (None, None) => {}
    }
}

fn deck(
    node: &Node,
    teams: &[String],
    persons: &[Person],
    findings: &mut Findings,
) -> Vec<DeckCard> {
    let mut found: Vec<DeckCard> = Vec::new();
    for item in value::list(node, "cards", findings).unwrap_or_default() {
        let Some(mut fields) = Fields::of(item, "a card of the deck", findings) else { continue };
        let name_node = fields.need("name", "press", findings);
        let name = name_node.and_then(|node| typed(node, "to draw the card", findings));
        let to = fields.take("to", findings).and_then(|node| {
            let team = value::text(node, findings).filter(|team| team != "all")?;
            known_team(&team, node.place, teams, findings);
            Some(team)
        });
        let text = fields.need("text", "\"A newspaper asks …\"", findings);
        let text = text.and_then(|node| value::text(node, findings));
        let away = fields.take("away", findings).and_then(|node| {
            let name = value::text(node, findings)?;
            known_person(&name, node.place, persons, findings);
            Some(name)
        });
        if let Some(place) = fields.place_of("time") {
            fields.know(&["time"]);
            let what = "a card of the deck has no time";
            let mend = "remove it, or move the card to cards: of a phase";
            findings.error(place, what, "the facilitator draws it at will", mend);
        }
        fields.finish(findings);
        let Some((node, name)) = name_node.zip(name) else { continue };
        if found.iter().any(|one| alike(&one.name, &name)) {
            let what = format!("a second card is named \"{}\"", printable(&name, 60));
            let why = "nobody could tell which of them is drawn";
            findings.error(node.place, what, why, "give one of them another name");
        }
        found.extend(text.map(|text| DeckCard { name, to, text, away }));
    }
    found
}

/// A finding where there is no such team.
pub(super) fn known_team(team: &str, place: Place, teams: &[String], findings: &mut Findings) {
    if !teams.iter().any(|one| one == team) {
        let what = format!("there is no team \"{}\"", printable(team, 60));
        let names: Vec<&str> = teams.iter().map(String::as_str).collect();
        findings.error(place, what, "", suggestion(team, &names));
    }
}

/// A warning where people are declared and this is none of them. Where nobody is declared, any words will do.
pub(super) fn known_person(name: &str, place: Place, persons: &[Person], findings: &mut Findings) {
    if persons.is_empty() || persons.iter().any(|one| one.name == name) {
        return;
    }
    let what = format!("\"{}\" is none of the people", printable(name, 60));
    let names: Vec<&str> = persons.iter().map(|one| one.name.as_str()).collect();
    let why = "nobody who takes part would be away";
    findings.warning(place, what, why, suggestion(name, &names));
}
