//! The moments that were pinned, each with what stood then. Participants' own state has no fault in it.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines;
use crate::exercise::pin::Pin;
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::sheet::{Sheet, room};
use crate::tui::{text, words};

const WIDE: u16 = 110;

/// The list, the newest last.
pub(super) fn sheet<'a>(scene: &Scene<'a>, selected: usize, screen: Rect) -> Sheet<'a> {
    let pins = &scene.state.pins;
    let selected = selected.min(pins.len().saturating_sub(1));
    let room = room(WIDE, screen);
    let rows = pins.iter().enumerate().map(|(index, pin)| {
        let mut line = moment(scene, pin, room.saturating_sub(2));
        line.spans.insert(0, lines::sign(scene, index == selected));
        (Some(index), line)
    });
    let rows = rows.collect();
    let details = pins.get(selected).map(|pin| stood(scene, pin, room)).unwrap_or_default();
    let title = scene.title_of("moments-title", "");
    Sheet { title, width: WIDE, head: Vec::new(), rows, selected, details }
}

fn moment<'a>(scene: &Scene<'a>, pin: &Pin, room: usize) -> Line<'a> {
    let clock = format!("{} ", words::clock(pin.exercise_time));
    let team = format!("{} ", text::clean(&pin.team));
    let left = room.saturating_sub(text::width(&clock) + text::width(&team));
    let says = if pin.text.is_empty() { "—".to_owned() } else { text::fit(&pin.text, left) };
    Line::from(vec![
        scene.piece(Role::Dim, clock),
        scene.piece(Role::Team, team),
        scene.piece(Role::Text, says),
    ])
}

/// What stood then.
fn stood<'a>(scene: &Scene<'a>, pin: &Pin, room: usize) -> Vec<Line<'a>> {
    let mut out = Vec::new();
    if !pin.text.is_empty() {
        out.extend(lines::told(scene, "", Role::Text, &pin.text, room));
    }
    for (slo, (value, since)) in scene.state.plan().slos.iter().zip(&pin.slos) {
        let value = value.map_or_else(
            || scene.say("moments-no-data").into_owned(),
            |value| slo.limit.metric.unit().show(value),
        );
        let name = text::clean(&slo.name);
        let (role, says) = match since {
            Some(from) => {
                let lasts = words::span(pin.at.since(*from));
                let args = [("lasts", (&*lasts).into())];
                (Role::Bad, format!("✗ {name} {value} {}", scene.tell("moments-broken", &args)))
            }
            None => (Role::Text, format!("{name} {value}")),
        };
        out.extend(lines::told(scene, "", role, &says, room));
    }
    for (id, severity, status) in &pin.incidents {
        let status = scene.say(words::incident(*status));
        let title = scene.state.incident(*id).map_or("", |one| one.title.as_str());
        let says = format!("▲ {id} {severity} {status} {}", text::clean(title));
        out.extend(lines::told(scene, "", Role::Incident, &says, room));
    }
    for id in &pin.faults {
        let says = format!("● {}", text::clean(&scene.state.name_of(*id)));
        out.extend(lines::told(scene, "", Role::Fault, &says, room));
    }
    out
}
