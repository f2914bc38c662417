//! Exercises beside each other, as a whole screen: which they are, the names of the sections, and the one that is shown.
//! Not what stands in a section.

mod charts;
mod head;
mod lanes;
mod parts;
mod rows;

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use super::key_of::tell;
use super::scroll::{Part, scrolled, stacked};
use super::{footer, input, small};
use crate::report::chart::OVERLAID;
use crate::report::compare::model::Align;
use crate::tui::action::ActionId;
use crate::tui::compare::Compare;
use crate::tui::compare::section::Section;
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;

/// So wide, a section has room for charts beside it, of so many columns at least.
const WIDE: u16 = 160;
const TABLE: u16 = 96;

/// Where the parts go.
pub(super) struct Areas {
    tabs: Rect,
    heads: Rect,
    /// The section.
    pub(super) body: Rect,
    hint: Rect,
    /// The keys.
    pub(super) footer: Rect,
}

/// On a screen of this size.
pub(super) fn areas(scene: &Scene<'_>, screen: Rect) -> Areas {
    let exercises = scene.ui.compare.as_ref().map_or(0, |one| one.of.comparison.exercises.len());
    let [tabs, heads, body, hint, footer] = screen.layout(&Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(u16::try_from(exercises).unwrap_or(u16::MAX)),
        Constraint::Min(4),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    Areas { tabs, heads, body, hint, footer }
}

/// Draws everything; whether there was room for it.
pub fn draw(scene: &Scene<'_>, screen: Rect, buf: &mut Buffer) -> bool {
    if small::bare(scene, screen, buf) {
        return false;
    }
    let areas = areas(scene, screen);
    head::tabs(scene, areas.tabs, buf);
    footer::draw(scene, areas.footer, buf);
    let Some(compare) = &scene.ui.compare else { return true };
    head::exercises(scene, &compare.of.comparison, areas.heads, buf);
    if compare.section == Section::Time {
        charts::draw(scene, compare, over_time(compare, areas.body), areas.body, buf);
    } else {
        let (left, right) = beside(compare, areas.body);
        let lines = lines(scene, compare, left.width);
        scrolled(scene, &lines, compare.top(), left, buf);
        charts::draw(scene, compare, charts_of(compare.section), right, buf);
    }
    if scene.ui.begun.is_empty() && scene.ui.notice.is_none() {
        let says = text::fit(&hint(scene, compare, areas.body), areas.hint.width.into());
        put(areas.hint, 0, &Line::from(scene.piece(Role::Dim, says)), buf);
    } else {
        input::draw_hint(scene, areas.hint, buf);
    }
    true
}

/// How far the section that is shown can be scrolled on a screen of this size.
pub fn most(scene: &Scene<'_>, screen: Rect) -> usize {
    let Some(compare) = &scene.ui.compare else { return 0 };
    let body = areas(scene, screen).body;
    if compare.section == Section::Time {
        let fitting = charts::fitting(body, compare.of.comparison.exercises.len());
        return OVERLAID.len().saturating_sub(fitting);
    }
    let (left, _) = beside(compare, body);
    lines(scene, compare, left.width).len().saturating_sub(left.height.into())
}

/// Where the name of each section stands.
pub(super) fn sections(scene: &Scene<'_>, screen: Rect) -> Vec<(Rect, Section)> {
    head::tabs_at(scene, areas(scene, screen).tabs)
}

/// The charts that fit, from the one on to which it is scrolled.
fn over_time(compare: &Compare, body: Rect) -> &'static [&'static str] {
    let fitting = charts::fitting(body, compare.of.comparison.exercises.len());
    let top = compare.top().min(OVERLAID.len().saturating_sub(fitting));
    OVERLAID.get(top..top + fitting).unwrap_or(&OVERLAID)
}

/// The charts that belong to a section.
const fn charts_of(section: Section) -> &'static [&'static str] {
    match section {
        Section::Overview | Section::Time => &OVERLAID,
        Section::Slos => &["availability", "latency"],
        Section::Load => &["load"],
        Section::Faults | Section::Teams | Section::Notes => &[],
    }
}

/// Where the lines of a section go, and its charts; those have no room on most screens.
fn beside(compare: &Compare, body: Rect) -> (Rect, Rect) {
    let fits = body.width >= WIDE && body.height >= 20;
    if !fits || charts_of(compare.section).is_empty() {
        return (body, Rect::default());
    }
    let table = TABLE.max(body.width / 2);
    let [left, right] = body
        .layout(&Layout::horizontal([Constraint::Length(table), Constraint::Fill(1)]).spacing(2));
    (left, right)
}

fn lines<'a>(scene: &Scene<'a>, compare: &Compare, width: u16) -> Vec<Line<'a>> {
    let parts: Vec<Part<'a>> = parts::parts(scene, compare, width.into());
    stacked(scene, parts, width)
}

/// What the lines or the charts of the section rest on.
fn hint(scene: &Scene<'_>, compare: &Compare, body: Rect) -> String {
    let (_, right) = beside(compare, body);
    if compare.section != Section::Time && right.is_empty() {
        return scene.say("compare-with-first").into_owned();
    }
    let aligned = match compare.align {
        Align::Injections => "compare-by-injections",
        Align::Phases => "compare-by-phases",
        Align::Wall => "compare-by-wall",
    };
    let aligned = scene.say(aligned).into_owned();
    let args = [("aligned", (&*aligned).into())];
    let says = tell(scene, "compare-legend", &args, &[("key", ActionId::Align)]);
    if compare.section != Section::Time || over_time(compare, body).len() == OVERLAID.len() {
        return says;
    }
    let keys = [("down", ActionId::Down), ("up", ActionId::Up)];
    format!("{says} · {}", tell(scene, "compare-more-charts", &[], &keys))
}
