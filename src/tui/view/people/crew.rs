//! Who takes part, in which team and role, and who handed over to whom. Not the giving of roles.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use super::lines;
use crate::exercise::people::{Holding, PLAN};
use crate::exercise::state::State;
use crate::gameday::people::{Person, Role as Part};
use crate::tui::line_words::role_key;
use crate::tui::people::items::{self, CrewItem};
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::sheet::{Sheet, room};
use crate::tui::{text, words};

const WIDE: u16 = 100;
/// The names of roles take so many cells.
const NAME: usize = 20;

/// The list.
pub(super) fn sheet<'a>(scene: &Scene<'a>, selected: usize, screen: Rect) -> Sheet<'a> {
    let state = scene.state;
    let items = items::crew(state);
    let selected = selected.min(items.len().saturating_sub(1));
    let room = room(WIDE, screen);
    let mut rows = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let mut line = match item {
            CrewItem::Role(part) => role(scene, *part, room),
            CrewItem::Person(at) => match state.people.persons.get(*at) {
                Some(one) => person(scene, one, room),
                None => Line::default(),
            },
        };
        line.spans.insert(0, lines::sign(scene, index == selected));
        rows.push((Some(index), line));
    }
    let details = match items.get(selected) {
        Some(CrewItem::Role(part)) => history(scene, |held| held.role == *part, room),
        Some(CrewItem::Person(at)) => {
            let name = state.people.persons.get(*at).map_or("", |one| &one.name);
            history(scene, |held| held.person == name, room)
        }
        None => Vec::new(),
    };
    let teams: Vec<String> = state.plan().teams.iter().map(|team| members(state, team)).collect();
    let teams = teams.join(" · ");
    let head = lines::told(scene, &scene.lang.say("briefing-teams"), Role::Team, &teams, room);
    let title = scene.title_of("crew-title", String::new());
    Sheet { title, width: WIDE, head, rows, selected, details }
}

/// A team, with how many of it are known by name.
fn members(state: &State, team: &String) -> String {
    let count = state.people.persons.iter().filter(|one| one.team.as_ref() == Some(team)).count();
    let team = text::clean(team);
    if count == 0 { team.into_owned() } else { format!("{team} ({count})") }
}

fn role<'a>(scene: &Scene<'a>, part: Part, room: usize) -> Line<'a> {
    let holders: Vec<String> =
        scene.state.people.holders(part).map(|held| lines::named(scene, &held.person)).collect();
    let name = text::pad(&scene.lang.say(role_key(part)), NAME);
    let mut pieces = vec![scene.piece(Role::Title, name), Piece::raw(" ")];
    if holders.is_empty() {
        pieces.push(scene.piece(Role::Dim, format!("– {}", scene.lang.say("crew-nobody"))));
    } else {
        let who = text::fit(&holders.join(", "), room.saturating_sub(NAME + 3));
        pieces.push(scene.piece(Role::Text, who));
    }
    Line::from(pieces)
}

fn person<'a>(scene: &Scene<'a>, one: &Person, room: usize) -> Line<'a> {
    let away = items::is_away(scene.state, &one.name);
    let name = text::pad(&lines::named(scene, &one.name), NAME);
    let roles = scene.state.people.holdings.iter();
    let roles: Vec<String> = roles
        .filter(|held| held.until.is_none() && held.person == one.name)
        .map(|held| scene.lang.say(role_key(held.role)).into_owned())
        .collect();
    let team = one.team.as_deref().map_or_else(|| "–".into(), text::clean);
    let rest = room.saturating_sub(NAME + 18);
    Line::from(vec![
        scene.piece(if away { Role::Warn } else { Role::Text }, name),
        scene.piece(Role::Team, format!(" {} ", text::pad(&team, 14))),
        scene.piece(Role::Dim, text::fit(&roles.join(", "), rest)),
    ])
}

/// Who had what from when to when, the latest first.
fn history<'a>(scene: &Scene<'a>, wanted: impl Fn(&Holding) -> bool, room: usize) -> Vec<Line<'a>> {
    let clock = |at| words::time(scene.state, at);
    let told = scene.state.people.holdings.iter().rev().filter(|held| wanted(held));
    told.flat_map(|held| {
        let role = scene.lang.say(role_key(held.role)).into_owned();
        let from = if held.by == PLAN {
            scene.lang.say("crew-by-plan").into_owned()
        } else {
            let args = [("at", clock(held.since)), ("by", text::clean(&held.by).into_owned())];
            let args = args.each_ref().map(|(name, value)| (*name, value.as_str().into()));
            scene.tell("crew-since", &args)
        };
        let until = held.until.map_or_else(String::new, |until| {
            format!(" {}", scene.tell("crew-until", &[("at", (&*clock(until)).into())]))
        });
        let says = format!("{} · {role} {from}{until}", lines::named(scene, &held.person));
        let tone = if held.until.is_some() { Role::Dim } else { Role::Text };
        lines::told(scene, "", tone, &says, room)
    })
    .collect()
}
