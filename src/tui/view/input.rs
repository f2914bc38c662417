//! The line being typed with its team, and below it what the line will do, or a notice.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::key_of::key_of;
use crate::lang::Message;
use crate::tui::action::ActionId;
use crate::tui::layer::Layer;
use crate::tui::line_words::Preview;
use crate::tui::offers::About;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::ui::Mode;
use crate::tui::{keymap, text, typing};

/// So many candidates are shown at a time.
const MOST_OFFERS: usize = 6;
/// Columns of the name of each.
const OFFER_NAME: usize = 24;

/// Draws the line; tells where the cursor belongs.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
    if area.is_empty() {
        return None;
    }
    let typing = scene.ui.mode == Mode::Typing;
    let team = text::fit(typing::team(scene.state, scene.ui), 16);
    let prompt = format!("{team} › ");
    let role = if typing { Role::Selected } else { Role::Dim };
    put(area, 0, &Line::from(scene.piece(role, prompt.clone())), buf);
    let used = u16::try_from(text::width(&prompt)).unwrap_or(0);
    let room = Rect { x: area.x + used, width: area.width.saturating_sub(used), ..area };
    if !typing && scene.ui.draft.is_empty() {
        let key = key_of(scene, ActionId::Type);
        let press = scene.tell("press-to-write", &[("key", (&*key).into())]);
        put(room, 0, &Line::from(scene.piece(Role::Dim, press)), buf);
        return None;
    }
    let cursor = scene.ui.draft.render(room, buf);
    cursor.filter(|_| typing)
}

/// Draws what is below it.
pub fn draw_hint(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let width = usize::from(area.width);
    let (role, says) = if !scene.ui.begun.is_empty() {
        (Role::Key, continuations(scene))
    } else if let Some(notice) = &scene.ui.notice {
        let says = notice.says.in_words(scene.lang);
        if notice.bad {
            (Role::Bad, format!("✗ {says}"))
        } else {
            (Role::Good, says.into_owned())
        }
    } else if scene.ui.mode == Mode::Typing || !scene.ui.draft.is_empty() {
        match typing::preview(scene.state, scene.ui) {
            Ok(None) => (Role::Dim, scene.say("line-hint").into_owned()),
            Ok(Some(preview)) => return put(area, 0, &does(scene, &preview, width), buf),
            Err(why) => (Role::Warn, format!("✗ {}", scene.lang.message(&why))),
        }
    } else {
        return;
    };
    put(area, 0, &Line::from(scene.piece(role, text::fit(&says, width))), buf);
}

/// What Enter would do; what may be a slip comes first where not both fit.
fn does<'a>(scene: &Scene<'a>, preview: &Preview, width: usize) -> Line<'a> {
    let said = |all: &[Message]| {
        let all: Vec<_> = all.iter().map(|one| scene.lang.message(one)).collect();
        all.join(" · ")
    };
    let warns = match said(&preview.warns) {
        warns if warns.is_empty() => warns,
        warns => text::fit(&format!("! {warns}  "), width),
    };
    let room = width.saturating_sub(text::width(&warns));
    let does = match said(&preview.does) {
        does if does.is_empty() => does,
        does => scene.tell("line-enter", &[("does", (&*does).into())]),
    };
    Line::from(vec![scene.piece(Role::Warn, warns), scene.piece(Role::Dim, text::fit(&does, room))])
}

/// Where the candidates stand above the line: the whole, and each row with its place in the list.
pub fn offers_at(scene: &Scene<'_>, input: Rect, screen: Rect) -> (Rect, Vec<(Rect, usize)>) {
    let offers = &scene.ui.offers;
    if scene.ui.layer() != Layer::Completing || input.is_empty() {
        return (Rect::default(), Vec::new());
    }
    let room = usize::from(input.y.saturating_sub(screen.y).saturating_sub(1)).min(MOST_OFFERS);
    let count = offers.list().len().min(room);
    let first = (offers.chosen() + 1).saturating_sub(count);
    let height = u16::try_from(count).unwrap_or(0);
    let area = Rect { y: input.y - height, height, ..input };
    let rows = (area.top()..area.bottom()).zip(first..);
    (area, rows.map(|(y, index)| (Rect { y, height: 1, ..area }, index)).collect())
}

/// Draws the candidates.
pub fn draw_offers(scene: &Scene<'_>, input: Rect, screen: Rect, buf: &mut Buffer) {
    let (area, rows) = offers_at(scene, input, screen);
    let offers = &scene.ui.offers;
    Clear.render(area, buf);
    let last = rows.last().map_or(0, |(_, index)| *index);
    for (row, index) in rows {
        let Some(offer) = offers.list().get(index) else { continue };
        let chosen = index == offers.chosen();
        let sign = if chosen { "›" } else { " " };
        let says = match &offer.about {
            About::Key(key) => scene.say(key).into_owned(),
            About::Text(text) => text.clone(),
            About::Nothing => String::new(),
        };
        let left = offers.list().len().saturating_sub(last + 1);
        let says = if index == last && left > 0 {
            format!("{says}  {}", scene.tell("line-candidates-more", &[("count", left.into())]))
        } else {
            says
        };
        let name = text::pad(&format!("{sign} {}", offer.word), OFFER_NAME);
        let room = usize::from(row.width).saturating_sub(text::width(&name) + 1);
        let line = Line::from(vec![
            scene.piece(if chosen { Role::Selected } else { Role::Text }, name),
            scene.piece(Role::Dim, format!(" {}", text::pad(&says, room))),
        ]);
        put(row, 0, &line, buf);
    }
}

/// The keys of a chord so far, and how it can go on.
fn continuations(scene: &Scene<'_>) -> String {
    let begun: Vec<_> = scene.ui.begun.iter().map(ToString::to_string).collect();
    let next: Vec<_> = keymap::continuations(scene.ui)
        .into_iter()
        .map(|(keys, action)| {
            format!("{keys} {}", scene.lang.say(&action.name_key(scene.state, scene.ui)))
        })
        .collect();
    format!("{} …  {}", begun.join(" "), next.join(" · "))
}
