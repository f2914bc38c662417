//! Incidents and what asks for one, with everything known of the chosen one. Not the pane on the screen.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines;
use crate::exercise::incident::Incident;
use crate::exercise::suggestion::Suggestion;
use crate::tui::people::items::{self, Item};
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::sheet::{Sheet, room};
use crate::tui::{text, words};

const WIDE: u16 = 116;

/// The list.
pub(super) fn sheet<'a>(scene: &Scene<'a>, selected: usize, screen: Rect) -> Sheet<'a> {
    let items = items::incidents(scene.state);
    let selected = selected.min(items.len().saturating_sub(1));
    let room = room(WIDE, screen);
    let rows = items.iter().enumerate().map(|(index, item)| {
        let mut line = match item {
            Item::Suggestion(one) => lines::suggestion(scene, one, room - 2),
            Item::Incident(id) => match scene.state.incident(*id) {
                Some(one) => lines::incident(scene, one, room - 2),
                None => Line::default(),
            },
        };
        line.spans.insert(0, lines::sign(scene, index == selected));
        (Some(index), line)
    });
    let rows: Vec<_> = rows.collect();
    let details = match items.get(selected) {
        Some(Item::Suggestion(one)) => suggested(scene, one, room),
        Some(Item::Incident(id)) => {
            scene.state.incident(*id).map(|one| details(scene, one, room)).unwrap_or_default()
        }
        None => vec![Line::from(scene.piece(Role::Dim, scene.say("incidents-none")))],
    };
    let says = lines::commander(scene).unwrap_or_default();
    let title = scene.title_of("pane-incidents", says);
    Sheet { title, width: WIDE, head: Vec::new(), rows, selected, details }
}

fn suggested<'a>(scene: &Scene<'a>, one: &Suggestion, room: usize) -> Vec<Line<'a>> {
    let mut out = lines::told(scene, "", Role::Text, &scene.lang.said(&one.title), room);
    let at = words::time(scene.state, one.at);
    let says = scene.tell("suggested-since", &[("at", (&*at).into())]);
    out.extend(lines::told(scene, "", Role::Dim, &says, room));
    if let Some(planned) = one.injection.and_then(|id| scene.state.planned(id)) {
        let name = text::clean(&planned.name);
        let args = [("fault", (&*name).into())];
        let says = scene.tell("suggested-likely", &args);
        out.extend(lines::told(scene, "", Role::Text, &says, room));
    }
    out
}

fn details<'a>(scene: &Scene<'a>, incident: &Incident, room: usize) -> Vec<Line<'a>> {
    let mut out = Vec::new();
    let mut say = |role: Role, key: &str, says: &str| {
        if !says.is_empty() {
            let head = if key.is_empty() { "".into() } else { scene.lang.say(key) };
            out.extend(lines::told(scene, &head, role, says, room));
        }
    };
    say(Role::Text, "", &incident.title);
    let (age, stopped) = lines::age(scene, incident);
    let args = [("age", words::span(age)), ("held", words::span(stopped))];
    let args = args.each_ref().map(|(name, value)| (*name, value.as_str().into()));
    let key = if stopped.is_zero() { "incident-age" } else { "incident-age-held" };
    let opened = words::time(scene.state, incident.opened);
    say(Role::Dim, "incident-opened-at", &format!("{opened} · {}", scene.tell(key, &args)));
    let late = incident.recorded.since(incident.opened);
    if !late.is_zero() {
        say(Role::Dim, "incident-written-later", &words::span(late));
    }
    say(Role::Text, "incident-noticed", &lines::noticed(scene, incident));
    if !scene.state.participants {
        let (role, says) = lines::behind(scene, incident);
        say(role, "incident-behind", &says);
    }
    if let Some(of) = incident.duplicate_of {
        say(Role::Text, "incident-same-as", &of.to_string());
    }
    let people: Vec<String> = incident.people.iter().map(|one| lines::named(scene, one)).collect();
    say(Role::Text, "incident-people", &people.join(", "));
    let tags: Vec<String> = incident.tags.iter().map(|tag| format!("#{tag}")).collect();
    say(Role::Dim, "incident-tags", &tags.join(" "));
    let moves: Vec<String> = incident
        .moves
        .iter()
        .map(|(at, to, team)| {
            let at = words::time(scene.state, *at);
            format!("{at} {} {}", scene.lang.say(words::incident(*to)), text::clean(team))
        })
        .collect();
    say(Role::Dim, "incident-moves", &moves.join(" · "));
    for edit in &incident.edits {
        let at = words::time(scene.state, edit.at);
        let author = lines::named(scene, &edit.author);
        let says = format!("{} {} ({at} {author})", edit.severity, text::clean(&edit.title));
        say(Role::Dim, "incident-was", &says);
    }
    out
}
