//! What came of it: how it ended, the objectives, and where the report is.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::exercise::judge::{Answer, Verdict};
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::words;

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let lasted = words::clock(scene.state.exercise_time(scene.now));
    let inner = {
        let after = scene.tell("result-after", &[("length", (&*lasted).into())]);
        scene.panel(area, scene.title_of("stage-ended", after), boxed, buf)
    };
    let count = scene.state.plan().objectives.len();
    let mut lines = Vec::new();
    let stuck = scene.state.live_injections().filter_map(|run| scene.state.planned(run.id));
    for planned in stuck {
        let name = text::clean(&planned.name);
        let says = scene.tell("broken-not-reverted", &[("fault", (&*name).into())]);
        let says = format!("▲ {says}");
        lines.push(Line::from(scene.piece(Role::Bad, says)));
    }
    let report = if scene.state.participants {
        vec![scene.say("participants-result").into_owned()]
    } else if scene.ui.report.is_empty() {
        vec![scene.say("result-report-coming").into_owned()]
    } else {
        scene
            .ui
            .report
            .iter()
            .map(|line| scene.tell("result-report", &[("file", (&**line).into())]))
            .collect()
    };
    let room = usize::from(inner.height).saturating_sub(report.len() + lines.len());
    lines.extend(objectives(scene, count, room, inner.width));
    let room = usize::from(inner.height).saturating_sub(report.len());
    for (row, line) in lines.iter().take(room).enumerate() {
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
    let top = lines.len().min(room);
    for (index, says) in report.iter().enumerate() {
        let says = text::fit(says, usize::from(inner.width));
        let row = u16::try_from(top + index).unwrap_or(u16::MAX);
        put(inner, row, &Line::from(scene.piece(Role::Next, says)), buf);
    }
}

/// The objectives in at most `room` lines: with what they rest on where there is room, else the verdicts alone.
fn objectives<'a>(scene: &Scene<'a>, count: usize, room: usize, width: u16) -> Vec<Line<'a>> {
    let mut each: Vec<Vec<Line<'a>>> =
        (0..count).map(|index| objective(scene, index, width)).collect();
    let mut too_many = each.iter().map(Vec::len).sum::<usize>().saturating_sub(room);
    for one in each.iter_mut().rev().filter(|one| one.len() > 1) {
        if too_many == 0 {
            break;
        }
        too_many = too_many.saturating_sub(one.len() - 1);
        one.truncate(1);
    }
    let mut lines: Vec<_> = each.into_iter().flatten().collect();
    if lines.len() > room {
        lines.truncate(room.saturating_sub(1));
        lines.push(Line::from(scene.piece(Role::Next, scene.say("result-more"))));
    }
    lines
}

/// An objective with its verdict and what that rests on, in as many lines as that takes.
pub fn objective<'a>(scene: &Scene<'a>, index: usize, width: u16) -> Vec<Line<'a>> {
    let Some(plan) = scene.state.plan().objectives.get(index) else { return Vec::new() };
    let Some(Verdict { answer, evidence, .. }) = scene.ui.verdicts.get(index) else {
        return vec![Line::from(scene.piece(Role::Text, text::fit(&plan.title, width.into())))];
    };
    let (sign, role, word) = verdict(scene, *answer);
    let verdict = format!("{sign} {} ", text::pad(&word, 11));
    let room = usize::from(width).saturating_sub(text::width(&verdict));
    let title = text::fit(&plan.title, room);
    let used = text::width(&title);
    let head = vec![scene.piece(role, verdict), scene.piece(Role::Text, title)];
    let evidence = &*scene.told(evidence);
    if evidence.is_empty() {
        return vec![Line::from(head)];
    }
    let rest = room.saturating_sub(used + 3);
    if rest >= text::width(evidence) {
        let more = scene.piece(Role::Dim, format!(" · {}", text::clean(evidence)));
        return vec![Line::from_iter(head.into_iter().chain([more]))];
    }
    let more = text::wrap(evidence, room)
        .into_iter()
        .map(|says| Line::from(scene.piece(Role::Dim, format!("              {says}"))));
    std::iter::once(Line::from(head)).chain(more).collect()
}

/// The sign of an answer, how it is shown, and its word.
pub fn verdict<'a>(scene: &Scene<'a>, answer: Answer) -> (&'static str, Role, Cow<'a, str>) {
    let (sign, role) = match answer {
        Answer::Met => ("✓", Role::Good),
        Answer::NotMet => ("✗", Role::Bad),
        Answer::NoData | Answer::NotScored => ("–", Role::Warn),
    };
    let word = scene.say(match answer {
        Answer::Met => "verdict-met",
        Answer::NotMet => "verdict-not-met",
        Answer::NoData => "no-data",
        Answer::NotScored => "verdict-not-scored",
    });
    (sign, role, word)
}
