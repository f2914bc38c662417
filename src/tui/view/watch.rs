//! What a watch shows in place of what only an exercise has: alerts, budgets, panels without a promise, and a line that says
//! from where it all comes. Not what both have.

pub mod alerts;
pub mod budgets;
pub mod head;
pub mod panels;

use crate::exercise::asked;
use crate::exercise::watch::{Asking, Watched};
use crate::gameday::metric::Metric;
use crate::tui::scene::Scene;
use crate::tui::text;

/// Every panel of the watch with how it stands; none in an exercise.
pub fn all<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (&'a Watched, &'a Asking)> {
    let panels = scene.state.header.watch.as_ref().map_or(&[][..], |watch| &watch.panels);
    panels.iter().zip(&scene.state.watching.asking)
}

/// What is wrong with the answers about a metric, in words; `None`: nothing, or it is not asked for.
pub fn silence(scene: &Scene<'_>, metric: Metric) -> Option<String> {
    let (_, asking) = asked::all(scene.state).find(|(one, _)| Metric::Asked(*one) == metric)?;
    wrong(scene, asking)
}

/// What is wrong with the answers to a query, in words.
pub fn wrong(scene: &Scene<'_>, asking: &Asking) -> Option<String> {
    let said = asking.standing(scene.now).said().or_else(|| asking.note.clone())?;
    Some(text::clean(&scene.lang.said(&said)).into_owned())
}
