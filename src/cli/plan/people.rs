//! What a game day says of people, as lines of `gameday plan`: targets, the deck, expectations and hints. Not the timeline.

use crate::gameday::people::{DeckCard, Expected, Hint, Noticed, Person, ResponseTargets};
use crate::gameday::span::Span;

/// `aiko (sre, incident-commander)`
pub(super) fn person(person: &Person) -> String {
    let role = person.role.map(|role| role.name().to_owned());
    let parts: Vec<String> = person.team.clone().into_iter().chain(role).collect();
    if parts.is_empty() {
        return person.name.clone();
    }
    format!("{} ({})", person.name, parts.join(", "))
}

/// `detect within 2m, resolve within 10m`; `None`: there is no target.
pub(super) fn response(targets: &ResponseTargets) -> Option<String> {
    let parts: Vec<String> = [
        ("detect", targets.detect),
        ("acknowledge", targets.acknowledge),
        ("mitigate", targets.mitigate),
        ("resolve", targets.resolve),
    ]
    .into_iter()
    .filter_map(|(word, span)| Some(format!("{word} within {}", span?)))
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// `press, card to support: A newspaper asks …`
pub(super) fn deck_card(card: &DeckCard) -> String {
    format!("{}, {}", card.name, dealt(card.to.as_deref(), &card.text, card.away.as_deref()))
}

/// `card to support: A newspaper asks … (away: ben)`
pub(super) fn dealt(to: Option<&str>, text: &str, away: Option<&str>) -> String {
    let away = away.map(|name| format!(" (away: {name})")).unwrap_or_default();
    format!("card to {}: {text}{away}", to.unwrap_or("all teams"))
}

/// How an expectation is judged; `None`: it is left to the facilitator.
pub(super) fn judged(expected: &Expected) -> Option<String> {
    let within = |span: &Option<Span>| span.map(|span| format!(" within {span}"));
    let by = within(&expected.within).unwrap_or_default();
    let mut parts = Vec::new();
    match &expected.noticed {
        Some(Noticed::Anyone) => parts.push(format!("somebody notices{by}")),
        Some(Noticed::Team(team)) => parts.push(format!("{team} notices{by}")),
        Some(Noticed::Nobody) => parts.push("nobody notices".to_owned()),
        None => {}
    }
    let copes = matches!(expected.noticed, None | Some(Noticed::Nobody));
    if copes && expected.within.is_some() {
        parts.push(format!("inside the steady state again{by}"));
    }
    parts.extend(expected.measure.as_ref().map(|measure| measure.condition.to_string()));
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// `2, 10 points together`; `None`: there is no hint.
pub(super) fn hints(hints: &[Hint]) -> Option<String> {
    if hints.is_empty() {
        return None;
    }
    let cost: u64 = hints.iter().map(|hint| u64::from(hint.cost)).sum();
    let points = if cost == 1 { "point" } else { "points" };
    Some(format!("{}, {cost} {points} together", hints.len()))
}
