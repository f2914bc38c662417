//! The palette as a box in the middle of the screen: what is typed, what it finds, and what Enter would do.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::footer;
use super::overlay::middle;
use crate::exercise::lever::complete::candidates;
use crate::tui::action::{Action, ActionId};
use crate::tui::keymap;
use crate::tui::layer::Layer;
use crate::tui::palette::{self, Choice};
use crate::tui::scene::{Scene, cover, put};
use crate::tui::theme::Role;
use crate::tui::{text, typing};

/// So many rows besides the choices: the line with a blank below, a blank, what Enter does, the keys, the box.
const BESIDES: u16 = 7;
/// The names of what is offered have so many columns.
const NAME: usize = 22;

/// Where the palette stands, and what it offers.
pub struct Offered {
    /// The room inside the box.
    pub inner: Rect,
    /// What is offered, with the index of each.
    pub rows: Vec<(usize, Choice)>,
    /// The row of the first of them.
    pub first_row: u16,
    /// The box.
    pub area: Rect,
}

/// Works out where everything goes.
pub fn offered(scene: &Scene<'_>, screen: Rect) -> Offered {
    let width = screen.width.saturating_sub(4).min(84);
    let choices = palette::choices(scene.state, scene.ui);
    let most = usize::from(screen.height.saturating_sub(BESIDES + 2)).min(14);
    let chosen = scene.ui.choice.min(choices.len().saturating_sub(1));
    let first = (chosen + 1).saturating_sub(most);
    let rows: Vec<_> = choices.into_iter().enumerate().skip(first).take(most).collect();
    let about = about(scene, usize::from(width).saturating_sub(4));
    let lines = about.len() + rows.len();
    let height = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(BESIDES);
    let area = middle(screen, width, height);
    let inner = Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    };
    let first_row = inner.y + 2 + u16::try_from(about.len()).unwrap_or(u16::MAX - inner.y - 2);
    Offered { inner, rows, area, first_row }
}

/// Draws it; tells where the cursor belongs.
pub fn draw(scene: &Scene<'_>, screen: Rect, buf: &mut Buffer) -> Option<Position> {
    let Offered { inner, rows, area, .. } = offered(scene, screen);
    let room = usize::from(inner.width);
    let chosen = scene.ui.choice.min(rows.last().map_or(0, |(index, _)| *index));
    let mut offers = about(scene, room);
    offers.extend(rows.iter().map(|(index, choice)| row(scene, choice, *index == chosen, room)));
    cover(area, buf);
    let title = scene.say("palette-title");
    let hint = scene.say("palette-hint");
    let title = Line::from(vec![
        scene.piece(Role::Title, format!(" {title} ")),
        scene.piece(Role::Dim, format!("{hint} ")),
    ]);
    scene.panel(area, title, true, buf);
    let choice = rows.iter().find(|(index, _)| *index == chosen).map(|(_, choice)| choice);
    let below = [Line::default(), does(scene, choice, room), footer::line(scene, inner.width)];
    for (index, line) in offers.iter().chain(&below).enumerate() {
        put(inner, u16::try_from(index + 2).unwrap_or(u16::MAX), line, buf);
    }
    let team = text::fit(typing::team(scene.state, scene.ui), 16);
    let prompt = format!("{team} › ");
    put(inner, 0, &Line::from(scene.piece(Role::Selected, prompt.clone())), buf);
    let used = u16::try_from(text::width(&prompt)).unwrap_or_default();
    let at =
        Rect { x: inner.x + used, width: inner.width.saturating_sub(used), height: 1, ..inner };
    scene.ui.lever.render(at, buf)
}

/// The lever whose arguments are typed, and what they can be.
fn about<'a>(scene: &Scene<'a>, room: usize) -> Vec<Line<'a>> {
    let Some(lever) = palette::begun(scene.ui) else { return Vec::new() };
    let mut lines = vec![Line::from(vec![
        scene.piece(Role::Key, text::pad(lever.form, 28)),
        scene.piece(Role::Dim, scene.say(lever.about)),
    ])];
    let can = candidates(&palette::line(scene.ui), &palette::names(scene.state));
    let list = if can.is_empty() { Vec::new() } else { text::wrap(&can.join("  "), room) };
    lines.extend(list.into_iter().take(4).map(|row| Line::from(scene.piece(Role::Text, row))));
    lines
}

fn row<'a>(scene: &Scene<'a>, choice: &Choice, chosen: bool, room: usize) -> Line<'a> {
    let (name, says, can) = match choice {
        Choice::Action(action, can) => {
            let key = keys(scene, action);
            let name = scene.lang.say(&action.name_key(scene.state, scene.ui)).into_owned();
            let name = if key.is_empty() { name } else { format!("{name}  {key}") };
            let says = match can {
                Ok(()) => scene.lang.say(&action.help_key()).into_owned(),
                Err(why) => {
                    let why = scene.lang.say(why);
                    scene.tell("palette-not-now", &[("why", (&*why).into())])
                }
            };
            (name, says, can.is_ok())
        }
        Choice::Begin(lever) => (lever.form.to_owned(), scene.say(lever.about).into_owned(), true),
        Choice::Again(line) => (line.clone(), scene.say("palette-again").into_owned(), true),
        Choice::Pull(lever) => (lever.to_string(), scene.say("palette-pull").into_owned(), true),
    };
    let (name_role, says_role) = match (chosen, can) {
        (true, _) => (Role::Selected, Role::Text),
        (false, true) => (Role::Text, Role::Dim),
        (false, false) => (Role::Dim, Role::Dim),
    };
    let name = text::pad(&text::clean(&name), NAME.max(text::width(&name).min(room / 2)));
    let rest = room.saturating_sub(text::width(&name) + 3);
    Line::from(vec![
        scene.piece(Role::Selected, if chosen { "› " } else { "  " }),
        scene.piece(name_role, format!("{name} ")),
        scene.piece(says_role, text::fit(&says, rest)),
    ])
}

/// The keys of an action outside the palette.
fn keys(scene: &Scene<'_>, action: &Action) -> String {
    let keys = keymap::all_shown(action.id, Layer::Screen, scene.ui);
    keys.first().cloned().unwrap_or_default()
}

/// What Enter would do now.
fn does<'a>(scene: &Scene<'a>, choice: Option<&Choice>, room: usize) -> Line<'a> {
    let key = keymap::shown(ActionId::Choose, scene.ui).unwrap_or_default();
    let does = |what: &str| {
        let says = scene.tell("does", &[("key", (&*key).into()), ("what", what.into())]);
        Line::from(scene.piece(Role::Good, text::fit(&says, room)))
    };
    match choice {
        Some(Choice::Action(action, Ok(()))) => {
            does(&scene.lang.say(&action.name_key(scene.state, scene.ui)))
        }
        Some(Choice::Action(_, Err(why))) => {
            let why = format!("✗ {}", scene.lang.say(why));
            Line::from(scene.piece(Role::Warn, text::fit(&why, room)))
        }
        Some(Choice::Begin(lever)) => does(lever.form),
        Some(Choice::Again(line)) => does(&text::clean(line)),
        Some(Choice::Pull(_)) | None => match palette::preview(scene.state, scene.ui) {
            Ok(lever) => does(&lever.to_string()),
            Err(why) => {
                let why = format!("✗ {}", scene.lang.message(&why));
                Line::from(scene.piece(Role::Warn, text::fit(&why, room)))
            }
        },
    }
}
