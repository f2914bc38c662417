//! What is to be chosen, as a list. Not what can be.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines;
use crate::tui::chooser::{About, Choice, Chooser, Name, choices};
use crate::tui::line_words::role_key;
use crate::tui::scene::Scene;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::view::sheet::{Sheet, room};

const WIDE: u16 = 76;

/// The list.
pub(super) fn sheet<'a>(scene: &Scene<'a>, chooser: &Chooser, screen: Rect) -> Sheet<'a> {
    let all = choices(scene.state, chooser, &scene.ui.by);
    let selected = chooser.selected.min(all.len().saturating_sub(1));
    let room = room(WIDE, screen);
    let rows = all.iter().enumerate().map(|(index, choice)| {
        let chosen = index == selected;
        let role = if chosen { Role::Selected } else { Role::Text };
        let says = text::fit(&name(scene, choice), room - 2);
        let mut pieces = vec![lines::sign(scene, chosen), scene.piece(role, says)];
        let asked = matches!(choice.name, Name::Back | Name::Sure);
        if let Some((hint, cost)) = choice.hint.filter(|_| !asked) {
            let args = [("number", (hint + 1).into()), ("cost", (cost as usize).into())];
            let says = scene.tell("hint-next", &args);
            pieces.push(scene.piece(Role::Dim, format!("  {says}")));
        }
        (Some(index), Line::from(pieces))
    });
    let rows: Vec<_> = rows.collect();
    let head = head(scene, chooser, &all, room);
    let title = scene.title_of("choose-title", String::new());
    Sheet { title, width: WIDE, head, rows, selected, details: Vec::new() }
}

/// What is asked, and what it is about.
fn head<'a>(scene: &Scene<'a>, chooser: &Chooser, all: &[Choice], room: usize) -> Vec<Line<'a>> {
    let state = scene.state;
    let fault = |id| {
        let planned = state.planned(id);
        planned.map(|planned| text::clean(&planned.name).into_owned()).unwrap_or_default()
    };
    let now = |who: String| match who.is_empty() {
        true => who,
        false => scene.tell("choose-now", &[("who", (&*text::clean(&who)).into())]),
    };
    let (key, what, more) = match chooser.about {
        About::Cause(id) => {
            let title = state.incident(id).map(|one| one.title.clone()).unwrap_or_default();
            ("choose-cause", id.to_string(), title)
        }
        About::Card(card) => {
            let card = state.plan().people.deck.get(card);
            let name = card.map(|card| card.name.clone()).unwrap_or_default();
            ("choose-card", name, card.map(|card| card.text.clone()).unwrap_or_default())
        }
        About::Hint(id) => {
            let sure = all.iter().find(|choice| choice.name == Name::Sure);
            let hint = sure.and_then(|choice| choice.hint).map(|(hint, _)| hint);
            let planned = state.planned(id).zip(hint);
            let text = planned.and_then(|(planned, hint)| planned.hints.get(hint));
            ("choose-hint", fault(id), text.map(|hint| hint.text.clone()).unwrap_or_default())
        }
        About::Role(role) => {
            let who = state.people.holders(role).map(|held| lines::named(scene, &held.person));
            let who: Vec<String> = who.collect();
            let name = scene.lang.say(role_key(role)).into_owned();
            ("choose-role", name, now(who.join(", ")))
        }
        About::Team(person) => {
            let person = state.people.persons.get(person);
            let name = person.map(|one| one.name.clone()).unwrap_or_default();
            ("choose-team", name, now(person.and_then(|one| one.team.clone()).unwrap_or_default()))
        }
    };
    let what = text::clean(&what);
    let asks = scene.tell(key, &[("what", (&*what).into())]);
    let mut head: Vec<Line<'a>> = text::wrap(&asks, room)
        .into_iter()
        .map(|line| Line::from(scene.piece(Role::Title, line)))
        .collect();
    if !more.is_empty() {
        let lines = text::wrap(&more, room).into_iter().take(4);
        head.extend(lines.map(|line| Line::from(scene.piece(Role::Dim, line))));
    }
    head
}

fn name(scene: &Scene<'_>, choice: &Choice) -> String {
    let say = |key: &str| scene.lang.say(key).into_owned();
    match &choice.name {
        Name::Everyone => say("card-for-all"),
        Name::Team(team) => text::clean(team).into_owned(),
        Name::Person(person) => lines::named(scene, person),
        Name::NoTeam => say("choose-no-team"),
        Name::Injection(id) => {
            let planned = scene.state.planned(*id);
            planned.map(|one| text::clean(&one.name).into_owned()).unwrap_or_default()
        }
        Name::Discovery => say("behind-discovery"),
        Name::Unknown => say("behind-unknown"),
        Name::Typed => say("choose-typed"),
        Name::Back => say("choose-back"),
        Name::Sure => {
            let cost = choice.hint.map_or(0, |(_, cost)| cost as usize);
            scene.tell("choose-sure", &[("cost", cost.into())])
        }
    }
}
