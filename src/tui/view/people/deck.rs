//! Cards to draw, hints to give, and cards that were shown with who has seen them. For the facilitator.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines;
use crate::exercise::id::InjectionId;
use crate::exercise::people::ShownCard;
use crate::tui::people::items::{self, DeckItem};
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::sheet::{Sheet, room};
use crate::tui::{text, words};

const WIDE: u16 = 110;

/// The list.
pub(super) fn sheet<'a>(scene: &Scene<'a>, selected: usize, screen: Rect) -> Sheet<'a> {
    let items = items::deck(scene.state);
    let selected = selected.min(items.len().saturating_sub(1));
    let room = room(WIDE, screen);
    let mut rows = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let mut line = match item {
            DeckItem::Card(card) => card_line(scene, *card, room - 2),
            DeckItem::Hints(id) => hints_line(scene, *id),
            DeckItem::Shown(card) => shown_line(scene, *card, room - 2),
        };
        line.spans.insert(0, lines::sign(scene, index == selected));
        rows.push((Some(index), line));
    }
    let details = match items.get(selected) {
        Some(DeckItem::Card(card)) => card_details(scene, *card, room),
        Some(DeckItem::Hints(id)) => hint_details(scene, *id, room),
        Some(DeckItem::Shown(card)) => {
            let shown = scene.state.cards.get(*card);
            shown.map(|shown| shown_details(scene, shown, room)).unwrap_or_default()
        }
        None => Vec::new(),
    };
    let waiting = scene.state.cards.iter().filter(|card| !missing(scene, card).is_empty()).count();
    let says = scene.tell("deck-waiting", &[("count", waiting.into())]);
    let title = scene.title_of("deck-title", says);
    Sheet { title, width: WIDE, head: Vec::new(), rows, selected, details }
}

/// Who it is for, in a word.
fn whom(scene: &Scene<'_>, to: Option<&String>) -> String {
    let all = || scene.lang.say("card-for-all").into_owned();
    to.map_or_else(all, |team| text::clean(team).into_owned())
}

/// The teams that have not seen a card yet.
fn missing<'a>(scene: &Scene<'a>, card: &ShownCard) -> Vec<&'a str> {
    let teams = scene.state.plan().teams.iter().map(String::as_str);
    teams
        .filter(|team| card.is_for(team) && !card.seen_by.iter().any(|(_, by, _)| by == team))
        .collect()
}

fn card_line<'a>(scene: &Scene<'a>, card: usize, room: usize) -> Line<'a> {
    let Some(planned) = scene.state.plan().people.deck.get(card) else { return Line::default() };
    let drawn = items::drawn(scene.state, card);
    let (sign, role, key) = match drawn {
        Some(_) => ("✓", Role::Good, "deck-drawn"),
        None => ("□", Role::Text, "deck-not-drawn"),
    };
    let to = whom(scene, drawn.map_or(planned.to.as_ref(), |shown| shown.to.as_ref()));
    let head = format!("{sign} {} ", scene.lang.say(key));
    let name = format!("{} → {to} ", text::fit(&planned.name, 24));
    let left = room.saturating_sub(text::width(&head) + text::width(&name));
    Line::from(vec![
        scene.piece(role, head),
        scene.piece(Role::Title, name),
        scene.piece(Role::Dim, text::fit(&planned.text, left)),
    ])
}

fn card_details<'a>(scene: &Scene<'a>, card: usize, room: usize) -> Vec<Line<'a>> {
    let Some(planned) = scene.state.plan().people.deck.get(card) else { return Vec::new() };
    let mut out = lines::told(scene, "", Role::Text, &planned.text, room);
    if let Some(away) = &planned.away {
        let says = scene.tell("deck-away", &[("name", (&*text::clean(away)).into())]);
        out.extend(lines::told(scene, "", Role::Warn, &says, room));
    }
    if let Some(shown) = items::drawn(scene.state, card) {
        out.extend(seen(scene, shown, room));
    }
    out
}

fn hints_line<'a>(scene: &Scene<'a>, id: InjectionId) -> Line<'a> {
    let Some(planned) = scene.state.planned(id) else { return Line::default() };
    let given = |hint: usize| {
        let all = scene.state.people.hints.iter();
        all.filter(|one| one.injection == Some(id) && one.hint == hint).count() > 0
    };
    let count = (0..planned.hints.len()).filter(|hint| given(*hint)).count();
    let args = [("given", count.into()), ("all", planned.hints.len().into())];
    let status = scene.state.injections.get(id.0).map(|run| run.status);
    let sign = status.map_or("◆", words::sign);
    Line::from(vec![
        scene.piece(Role::Next, format!("» {} ", scene.tell("deck-hints", &args))),
        scene.piece(Role::Title, format!("{} ", text::fit(&planned.name, 32))),
        scene.piece(Role::Dim, sign),
    ])
}

fn hint_details<'a>(scene: &Scene<'a>, id: InjectionId, room: usize) -> Vec<Line<'a>> {
    let Some(planned) = scene.state.planned(id) else { return Vec::new() };
    let mut out = Vec::new();
    for (index, hint) in planned.hints.iter().enumerate() {
        let args = [("number", (index + 1).into()), ("cost", (hint.cost as usize).into())];
        let head = scene.tell("hint-next", &args);
        out.extend(lines::told(scene, &head, Role::Text, &hint.text, room));
        let all = scene.state.people.hints.iter();
        for one in all.filter(|one| one.injection == Some(id) && one.hint == index) {
            let at = words::clock(scene.state.exercise_time(one.at));
            let args = [("at", at), ("to", whom(scene, one.to.as_ref()))];
            let args = args.each_ref().map(|(name, value)| (*name, value.as_str().into()));
            let says = scene.tell("hint-given", &args);
            out.extend(lines::told(scene, "  ✓", Role::Good, &says, room));
        }
    }
    out
}

fn shown_line<'a>(scene: &Scene<'a>, card: usize, room: usize) -> Line<'a> {
    let Some(shown) = scene.state.cards.get(card) else { return Line::default() };
    let waits = missing(scene, shown);
    let (sign, role, key) = match waits.is_empty() {
        true => ("✓", Role::Good, "card-seen"),
        false => ("◔", Role::Warn, "card-waits"),
    };
    let number = card + 1;
    let head = format!("{sign} {} ", scene.tell(key, &[("number", number.into())]));
    let to = format!("→ {} ", whom(scene, shown.to.as_ref()));
    let left = room.saturating_sub(text::width(&head) + text::width(&to));
    Line::from(vec![
        scene.piece(role, head),
        scene.piece(Role::Team, to),
        scene.piece(Role::Dim, text::fit(&shown.text, left)),
    ])
}

fn shown_details<'a>(scene: &Scene<'a>, shown: &ShownCard, room: usize) -> Vec<Line<'a>> {
    let mut out = lines::told(scene, "", Role::Text, &shown.text, room);
    if let Some(away) = &shown.away {
        let says = scene.tell("deck-away", &[("name", (&*text::clean(away)).into())]);
        out.extend(lines::told(scene, "", Role::Warn, &says, room));
    }
    out.extend(seen(scene, shown, room));
    out
}

/// Who has seen it, and who has not.
fn seen<'a>(scene: &Scene<'a>, shown: &ShownCard, room: usize) -> Vec<Line<'a>> {
    let clock = |at| words::clock(scene.state.exercise_time(at));
    let mut out = Vec::new();
    for (at, team, author) in &shown.seen_by {
        let says = format!("{} {} ({})", clock(*at), text::clean(team), text::clean(author));
        out.extend(lines::told(scene, &scene.lang.say("card-seen-by"), Role::Good, &says, room));
    }
    let waits: Vec<_> = missing(scene, shown).into_iter().map(text::clean).collect();
    if !waits.is_empty() {
        let says = waits.join(", ");
        out.extend(lines::told(scene, &scene.lang.say("card-waits-for"), Role::Warn, &says, room));
    }
    out
}
