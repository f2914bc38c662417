//! What was expected of a fault against what happened. Not what people say of it.

use ratatui::text::Line;

use crate::exercise::id::InjectionId;
use crate::exercise::judge::Answer;
use crate::gameday::span::Span;
use crate::lang::Message;
use crate::report::model::{Injection, Length};
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::result::verdict;
use crate::tui::{fault, text, words};

/// A fault in as many lines as it takes.
pub(super) fn lines<'a>(scene: &Scene<'a>, id: InjectionId, width: u16) -> Vec<Line<'a>> {
    let Some(report) = &scene.ui.learnt.report else { return Vec::new() };
    let Some(injection) = report.injections.get(id.0) else { return Vec::new() };
    let head = format!("◆ {} · {}", injection.name, what(scene, id, injection));
    let mut lines = vec![Line::from(scene.piece(Role::Title, text::fit(&head, width.into())))];
    let expected = injection
        .expected
        .clone()
        .unwrap_or_else(|| scene.say("debrief-nothing-expected").into_owned());
    row(scene, "debrief-expected", &expected, Role::Text, width, &mut lines);
    let (role, happened) = happened(scene, injection);
    row(scene, "debrief-happened", &happened, role, width, &mut lines);
    if let Some(judged) = scene.ui.learnt.expected.get(id.0).and_then(Option::as_ref) {
        let (sign, role, word) = verdict(scene, judged.answer);
        // What nobody has said, its key says below.
        let said = match judged.answer {
            Answer::NotScored => format!("{sign} {word}"),
            _ => format!("{sign} {word} · {}", scene.told(&judged.evidence)),
        };
        row(scene, "debrief-verdict", &said, role, width, &mut lines);
    }
    lines
}

/// What it was, of which part of the target.
fn what(scene: &Scene<'_>, id: InjectionId, injection: &Injection) -> String {
    let Some(planned) = scene.state.planned(id) else { return injection.what.clone() };
    let say = |message: Message| scene.lang.message(&message).into_owned();
    let named = say(fault::named(&planned.experiment.fault));
    format!("{named} · {}", say(fault::whom::short(planned)))
}

/// A word of the report: it has a text of its own here; one without stands for itself.
fn word(scene: &Scene<'_>, kind: &str, word: &str) -> String {
    let key = format!("{kind}-{}", word.replace(' ', "-"));
    let found = scene.lang.say(&key);
    if found == key { word.to_owned() } else { found.into_owned() }
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
        let why = match &injection.problem {
            Some(problem) => problem.clone(),
            None => word(scene, "status", injection.status),
        };
        return (Role::Warn, scene.tell("debrief-not-in-effect", &[("why", (&*why).into())]));
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
            let says = word(scene, "recovery", injection.recovery);
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
