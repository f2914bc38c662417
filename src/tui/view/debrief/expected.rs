//! What was expected of a fault against what happened. Not what people say of it.

use ratatui::text::Line;

use crate::exercise::expectation::judge;
use crate::exercise::id::InjectionId;
use crate::exercise::judge::Answer;
use crate::gameday::span::Span;
use crate::report::model::{Injection, Length};
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::result::verdict;
use crate::tui::{text, words};

/// A fault in as many lines as it takes.
pub(super) fn lines<'a>(scene: &Scene<'a>, id: InjectionId, width: u16) -> Vec<Line<'a>> {
    let Some(report) = &scene.ui.learnt.report else { return Vec::new() };
    let Some(injection) = report.injections.get(id.0) else { return Vec::new() };
    let head = format!("◆ {} · {}", injection.name, injection.what);
    let mut lines = vec![Line::from(scene.piece(Role::Title, text::fit(&head, width.into())))];
    let expected = injection
        .expected
        .clone()
        .unwrap_or_else(|| scene.say("debrief-nothing-expected").into_owned());
    row(scene, "debrief-expected", &expected, Role::Text, width, &mut lines);
    let (role, happened) = happened(scene, injection);
    row(scene, "debrief-happened", &happened, role, width, &mut lines);
    let judged = scene.state.injections.get(id.0).and_then(|run| judge(scene.state, run));
    if let Some(judged) = judged {
        let (sign, role, word) = verdict(scene, judged.answer);
        // What nobody has said, its key says below.
        let said = match judged.answer {
            Answer::NotScored => format!("{sign} {word}"),
            _ => format!("{sign} {word} · {}", judged.evidence),
        };
        row(scene, "debrief-verdict", &said, role, width, &mut lines);
    }
    lines
}

fn row<'a>(
    scene: &Scene<'a>,
    key: &'a str,
    says: &str,
    role: Role,
    width: u16,
    lines: &mut Vec<Line<'a>>,
) {
    let head = format!("  {} ", scene.say(key));
    let indent = text::width(&head);
    let parts = text::wrap(says, usize::from(width).saturating_sub(indent));
    for (index, part) in parts.into_iter().enumerate() {
        let head = if index == 0 { head.clone() } else { " ".repeat(indent) };
        let pieces = vec![scene.piece(Role::Dim, head), scene.piece(role, part)];
        lines.push(Line::from(pieces));
    }
}

/// What came of a fault: what it did, how it was noticed, and how long it took until it was good again.
fn happened(scene: &Scene<'_>, injection: &Injection) -> (Role, String) {
    if injection.t0.is_none() {
        let why = injection.problem.as_deref().unwrap_or(injection.status);
        return (Role::Warn, scene.tell("debrief-not-in-effect", &[("why", why.into())]));
    }
    let time = |length: &Option<Length>| {
        length.as_ref().map_or_else(
            || scene.say("no-data").into_owned(),
            |length| words::span(Span::from_millis(length.running_ms)),
        )
    };
    let mut says = Vec::with_capacity(4);
    if !injection.victims.is_empty() {
        let pods = injection.victims.join(", ");
        says.push(scene.tell("debrief-hit", &[("pods", pods.as_str().into())]));
    }
    let found = injection.time_to_detect.is_some();
    says.push(if found {
        let by = injection.detected_by.as_deref().unwrap_or("?");
        let after = time(&injection.time_to_detect);
        let args = [("by", by.into()), ("after", (&*after).into())];
        scene.tell("debrief-detected", &args)
    } else {
        scene.say("debrief-not-detected").into_owned()
    });
    if injection.time_to_mitigate.is_some() {
        let after = time(&injection.time_to_mitigate);
        says.push(scene.tell("debrief-mitigated", &[("after", (&*after).into())]));
    }
    // The report's own words for what is not simply a length of time.
    let recovery = match injection.recovery_ms {
        Some(millis) => {
            let after = words::span(Span::from_millis(millis));
            scene.tell("debrief-recovered", &[("after", (&*after).into())])
        }
        None => {
            // The report's words have a text of their own here; one without stands for itself.
            let key = format!("recovery-{}", injection.recovery.replace(' ', "-"));
            let found = scene.lang.say(&key);
            let says = if found == key { injection.recovery.into() } else { found };
            scene.tell("debrief-recovery", &[("says", (&*says).into())])
        }
    };
    says.push(recovery);
    let undone = injection.reverted.is_some();
    if !undone {
        says.push(scene.say("debrief-not-reverted").into_owned());
    }
    let role = match (undone, found) {
        (false, _) => Role::Bad,
        (true, false) => Role::Warn,
        (true, true) => Role::Good,
    };
    (role, says.join(" · "))
}
