//! What lies over the screen: every key, and the objectives.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::footer;
use super::result::objective;
use crate::tui::action;
use crate::tui::keymap;
use crate::tui::layer::{LAYERS, Layer};
use crate::tui::scene::{Scene, cover, put};
use crate::tui::shared::{is_shared, possible};
use crate::tui::text;
use crate::tui::theme::Role;

/// A box of at most `width` × `height` in the middle of the screen.
pub fn middle(screen: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(screen.width), height.min(screen.height));
    let x = screen.x + (screen.width - width) / 2;
    let y = screen.y + (screen.height - height) / 2;
    Rect { x, y, width, height }
}

/// What the facilitator alone can type.
const LINK: &str = "link #1 discovery";

/// What can be typed in the log's line, with the key of what it does.
const TYPED: [(&str, &str); 16] = [
    ("!2 title", "typed-incident"),
    ("!2 title @aiko #shop", "typed-opens"),
    ("ack #1", "typed-ack"),
    ("investigate, mitigate", "typed-next"),
    ("resolve #1 text", "typed-resolve"),
    ("false #1, dup #1", "typed-false"),
    ("#1 text", "typed-about"),
    ("sev #1 2, edit: text", "typed-edit"),
    (LINK, "typed-link"),
    ("action: decision:", "typed-kinds"),
    ("lesson: text", "typed-lesson"),
    ("well: badly: lucky:", "typed-debrief"),
    ("improve: text @aiko", "typed-improve"),
    ("role ic @aiko, got 2", "typed-people"),
    ("… -3m", "typed-ago"),
    ("…", "typed-note"),
];

/// Where the help stands.
pub fn help_area(screen: Rect) -> Rect {
    middle(screen, 104, screen.height.saturating_sub(2))
}

/// Every key, from line `top` on.
pub fn help(scene: &Scene<'_>, top: usize, screen: Rect, buf: &mut Buffer) {
    let room = help_area(screen);
    let width = usize::from(room.width).saturating_sub(2);
    let lines = help_lines(scene, width);
    cover(room, buf);
    let height = usize::from(room.height).saturating_sub(2);
    let top = top.min(lines.len().saturating_sub(height));
    let more = lines.len() - top > height;
    let keys = |id| keymap::shown(id, scene.ui).unwrap_or_default();
    let (down, close) = (keys(action::ActionId::OverlayDown), keys(action::ActionId::Close));
    let says = if more { "help-more" } else { "help-close" };
    let says = scene.tell(says, &[("down", (&*down).into()), ("close", (&*close).into())]);
    let title = scene.say("help-title").into_owned();
    let inner = scene.panel(room, panel_title(scene, title, says), true, buf);
    for (row, line) in lines.iter().skip(top).take(height).enumerate() {
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
}

fn panel_title<'a>(scene: &Scene<'a>, name: String, rest: String) -> Line<'a> {
    let title = scene.piece(Role::Title, format!(" {name} "));
    Line::from(vec![title, scene.piece(Role::Dim, format!("{rest} "))])
}

fn help_lines<'a>(scene: &Scene<'a>, width: usize) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    for layer in LAYERS.into_iter().filter(|layer| layer.belongs(scene.ui.place)) {
        if layer != Layer::Screen {
            lines.push(Line::default());
            let title = scene.lang.say(&format!("layer-{}", layer.slug())).into_owned();
            lines.push(Line::from(scene.piece(Role::Title, title)));
        }
        if layer == Layer::Typing {
            let may = |typed: &str| typed != LINK || !scene.state.participants;
            for (typed, does) in TYPED.into_iter().filter(|(typed, _)| may(typed)) {
                push(scene, &mut lines, typed, &scene.say(does), Role::Text, width);
            }
        }
        for action in keymap::at(layer, scene.ui.place) {
            if scene.state.participants && !is_shared(action.id) {
                continue;
            }
            // What is the same as on the screen itself, or in the line, need not be said again.
            let again = layer == Layer::Completing && action.is_in(Layer::Typing);
            if layer != Layer::Screen && (again || action.is_in(Layer::Screen)) {
                continue;
            }
            let keys = keymap::all_shown(action.id, layer, scene.ui).join(", ");
            let now = possible(action, scene.state, scene.ui);
            let key = action.help_key();
            let help = scene.lang.say(&key);
            let says = match now {
                Ok(()) if action.asks => {
                    scene.tell("action-asks-first", &[("help", (&*help).into())])
                }
                Ok(()) => help.into_owned(),
                Err(why) => {
                    let why = scene.lang.say(why);
                    let args = [("help", (&*help).into()), ("why", (&*why).into())];
                    scene.tell("action-cannot", &args)
                }
            };
            let role = if now.is_ok() { Role::Text } else { Role::Dim };
            push(scene, &mut lines, &keys, &says, role, width);
        }
    }
    lines
}

fn push<'a>(
    scene: &Scene<'a>,
    lines: &mut Vec<Line<'a>>,
    key: &str,
    says: &str,
    role: Role,
    width: usize,
) {
    for (index, part) in text::wrap(says, width.saturating_sub(24)).into_iter().enumerate() {
        let key = if index == 0 { key } else { "" };
        lines.push(Line::from(vec![
            scene.piece(Role::Key, format!(" {} ", text::pad(key, 21))),
            scene.piece(role, part),
        ]));
    }
}

/// The objectives are at most so wide.
const OBJECTIVES_WIDE: u16 = 110;

/// Where the objectives stand, and which one each row is about.
pub fn objective_rows(
    scene: &Scene<'_>,
    selected: usize,
    screen: Rect,
) -> (Rect, Vec<(Rect, usize)>) {
    let lines = objective_lines(scene, selected, screen.width.min(OBJECTIVES_WIDE));
    let area = objectives_area(lines.len(), screen);
    let row = Rect { x: area.x + 1, width: area.width.saturating_sub(2), height: 1, ..area };
    let within = area.y + 1..area.bottom().saturating_sub(1);
    let rows = lines.iter().zip(within).map(|((index, _), y)| (Rect { y, ..row }, *index));
    (area, rows.collect())
}

fn objectives_area(lines: usize, screen: Rect) -> Rect {
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX);
    middle(screen, screen.width.min(OBJECTIVES_WIDE), height)
}

fn objective_lines<'a>(scene: &Scene<'a>, selected: usize, width: u16) -> Vec<(usize, Line<'a>)> {
    let mut lines = Vec::new();
    for index in 0..scene.state.plan().objectives.len() {
        let sign = if index == selected { "› " } else { "  " };
        for (part, mut line) in
            objective(scene, index, width.saturating_sub(4)).into_iter().enumerate()
        {
            let sign = if part == 0 { sign } else { "  " };
            line.spans.insert(0, scene.piece(Role::Selected, sign));
            lines.push((index, line));
        }
    }
    lines
}

/// The objectives, to look at and to score.
pub fn objectives(scene: &Scene<'_>, selected: usize, screen: Rect, buf: &mut Buffer) {
    let width = screen.width.min(OBJECTIVES_WIDE);
    let lines = objective_lines(scene, selected, width);
    let room = objectives_area(lines.len(), screen);
    cover(room, buf);
    let title = scene.say("action-objectives").into_owned();
    let mut title = panel_title(scene, title, String::new());
    if scene.ui.dialog.is_none() {
        title.spans.extend(footer::line(scene, width.saturating_sub(18)).spans);
    }
    let inner = scene.panel(room, title, true, buf);
    for (row, (_, line)) in lines.iter().enumerate() {
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
}
