//! The part of the JSON Schema that is about people: who takes part, targets, the deck, expectations, hints.

use serde_json::{Value, json};

use super::form::{merged, object, reference, text};
use crate::gameday::people::ROLES;

/// Keys of a whole file.
pub(super) fn root_keys() -> Value {
    json!({
        "people": { "type": "array", "items": reference("person"), "description": "Who takes part." },
        "response": reference("response"),
        "deck": { "type": "array", "items": reference("deck-card"), "description": "Cards that the facilitator draws at will." },
    })
}

/// Keys of whatever holds one experiment.
pub(super) fn expectation_keys() -> Value {
    json!({
        "expect": { "anyOf": [text("What should happen."), reference("expectation")] },
        "hints": { "type": "array", "items": { "anyOf": [
            text("Help that the facilitator may give; it costs nothing."),
            reference("hint"),
        ] } },
    })
}

/// Keys of every card besides its time or its name.
pub(super) fn card_keys() -> Value {
    json!({
        "to": text("A team, or all."),
        "text": text("What it says."),
        "away": text("A key person who is away from then on."),
    })
}

pub(super) fn definitions() -> Value {
    let roles: Vec<&str> =
        ROLES.iter().map(|role| role.name()).chain(["ic", "commander", "liaison"]).collect();
    let typed = |description: &str| json!({ "type": "string", "minLength": 1, "maxLength": 160, "description": description });
    let span =
        |description: &str| merged(reference("duration"), json!({ "description": description }));
    json!({
        "person": object(json!({
            "name": typed("Typed behind @: at most 40 letters of any script, digits, - _ and ."),
            "team": reference("name"),
            "role": { "enum": roles, "description": "Only observer may be held by several people." },
        })),
        "response": object(json!({
            "detect": span("From when a fault took effect to the opening of an incident."),
            "acknowledge": span("From its opening to the first acknowledgement."),
            "mitigate": span("From when a fault took effect until customers feel nothing any more."),
            "resolve": span("From when a fault took effect to resolved."),
        })),
        "deck-card": object(merged(card_keys(), json!({
            "name": typed("Typed to draw the card."),
        }))),
        "expectation": object(json!({
            "what": text("What should happen."),
            "within": span("By when after the fault took effect: noticed, or inside the steady state again."),
            "noticed_by": text("anyone, nobody, or a team."),
            "measure": text("Judged during this injection unless it says otherwise, for example: availability >= 99.9%"),
        })),
        "hint": object(json!({
            "text": text("What it says."),
            "cost": { "type": "integer", "minimum": 0, "maximum": 1_000, "description": "Points." },
        })),
    })
}
