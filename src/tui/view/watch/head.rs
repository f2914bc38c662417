//! The lines of the header that only a watch has: from where everything comes, and what there is to do. Not what is broken.

use ratatui::text::Line;

use super::all;
use super::budgets;
use crate::exercise::state::Stage;
use crate::tui::action::ActionId;
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::key_of::key_of;
use crate::tui::{text, words};

/// From where everything comes, and since when somebody watches.
pub fn source<'a>(scene: &Scene<'a>) -> Line<'a> {
    let Some(watch) = &scene.state.header.watch else { return Line::default() };
    let source = text::clean(&watch.source).into_owned();
    let mut pieces = vec![
        scene.piece(Role::Dim, format!("{} ", scene.say("watch-source"))),
        scene.piece(Role::Title, source),
    ];
    let alerts = watch.alerts.as_ref().filter(|alerts| **alerts != watch.source);
    if let Some(alerts) = alerts {
        let says = format!(" · {} ", scene.say("watch-alerts"));
        pieces.push(scene.piece(Role::Dim, says));
        pieces.push(scene.piece(Role::Title, text::clean(alerts).into_owned()));
    }
    if let Some(since) = scene.state.watching.since {
        let since = words::span(scene.now.since(since));
        let says = scene.tell("watch-since", &[("since", (&*since).into())]);
        pieces.push(scene.piece(Role::Dim, format!(" · {says}")));
    }
    let panels = all(scene).count();
    let silent = all(scene).filter(|(_, asking)| asking.silent.is_some()).count();
    let args = [("panels", panels.into()), ("silent", silent.into())];
    let (role, key) = match silent {
        0 => (Role::Dim, "watch-queries"),
        silent if silent == panels => (Role::Bad, "watch-all-silent"),
        _ => (Role::Warn, "watch-silent"),
    };
    pieces.push(scene.piece(role, format!(" · {}", scene.tell(key, &args))));
    Line::from(pieces)
}

/// What there is to do: the budget that goes first, and the keys that matter.
pub fn next<'a>(scene: &Scene<'a>) -> Line<'a> {
    if scene.state.stage == Stage::Preparing {
        return Line::from(scene.piece(Role::Next, scene.say("watch-begins")));
    }
    let mut pieces = Vec::new();
    let gone = budgets::all(scene)
        .into_iter()
        .filter_map(|(service, account)| Some((account.gone_in()?, service, account)));
    if let Some((_, service, account)) = gone.min_by_key(|(left, ..)| *left) {
        let title = text::clean(&service.title);
        let says = format!("▲ {title}{} · ", budgets::gone(scene, account));
        pieces.push(scene.piece(Role::Warn, says));
    }
    let keys = [
        ("write", key_of(scene, ActionId::Type)),
        ("leave", key_of(scene, ActionId::LeaveWatch)),
        ("quit", key_of(scene, ActionId::Quit)),
    ];
    let args: Vec<_> = keys.iter().map(|(place, key)| (*place, key.as_str().into())).collect();
    pieces.push(scene.piece(Role::Next, scene.tell("watch-keys", &args)));
    Line::from(pieces)
}
