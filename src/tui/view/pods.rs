//! The target, app by app: how many pods, how each is, what is wrong.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::exercise::target::{Pod, PodHealth};
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let pods = &scene.state.topology.pods;
    let ready = pods.iter().filter(|pod| pod.health == PodHealth::Ready).count();
    let title = scene.title("pods", format!("{ready}/{} ready", pods.len()));
    let inner = scene.panel(area, title, boxed, buf);
    if pods.is_empty() {
        put(inner, 0, &Line::from(scene.piece(Role::Warn, "– no data")), buf);
        return;
    }
    let mut apps: Vec<&[Pod]> = pods.chunk_by(|one, next| one.app() == next.app()).collect();
    if apps.len() > usize::from(inner.height) {
        // What is wrong is what must be seen.
        apps.sort_by_key(|app| app.iter().all(|pod| pod.health == PodHealth::Ready));
        if inner.width >= 30 && inner.height <= 3 {
            condensed(scene, &apps, inner, buf);
            return;
        }
    }
    for (row, app) in apps.iter().enumerate() {
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), &line(scene, app, inner.width), buf);
    }
}

const fn sign(health: PodHealth) -> (&'static str, Role, &'static str) {
    match health {
        PodHealth::Ready => ("●", Role::Good, "ready"),
        PodHealth::Starting => ("◐", Role::Warn, "starting"),
        PodHealth::NotReady => ("○", Role::Warn, "not ready"),
        PodHealth::Dead => ("✗", Role::Bad, "dead"),
    }
}

fn line<'a>(scene: &Scene<'a>, app: &'a [Pod], width: u16) -> Line<'a> {
    let name = app.first().map_or("", Pod::app);
    let mut pieces = vec![scene.piece(Role::Text, format!("{} ", text::pad(name, 16)))];
    for pod in app {
        let (sign, role, _) = sign(pod.health);
        pieces.push(scene.piece(role, sign));
    }
    let restarts: u32 = app.iter().map(|pod| pod.restarts).sum();
    if restarts > 0 {
        pieces.push(scene.piece(Role::Warn, format!(" ↻{restarts}")));
    }
    let used: usize = pieces.iter().map(|piece| text::width(&piece.content)).sum();
    let room = usize::from(width).saturating_sub(used + 1);
    let wrong: Vec<_> = app.iter().filter_map(wrong).collect();
    if !wrong.is_empty() && room > 6 {
        let role = if app.iter().any(|pod| pod.health == PodHealth::Dead) {
            Role::Bad
        } else {
            Role::Warn
        };
        pieces.push(scene.piece(role, format!(" {}", text::fit(&wrong.join("; "), room))));
    }
    Line::from(pieces)
}

/// What is wrong with a pod, in words; `None`: nothing.
fn wrong(pod: &Pod) -> Option<String> {
    let (_, _, word) = sign(pod.health);
    match (pod.health, pod.note.as_str()) {
        (PodHealth::Ready, "") => None,
        (PodHealth::Ready, note) => Some(format!("{} {note}", pod.name)),
        (_, "") => Some(format!("{} {word}", pod.name)),
        (_, note) => Some(format!("{} {word}: {note}", pod.name)),
    }
}

/// Several apps in a row: what is wrong in words, the rest as counts.
fn condensed<'a>(scene: &Scene<'a>, apps: &[&'a [Pod]], inner: Rect, buf: &mut Buffer) {
    let wrong: Vec<_> = apps.iter().flat_map(|app| app.iter().filter_map(wrong)).collect();
    let mut row = 0;
    if !wrong.is_empty() {
        let says = text::fit(&format!("✗ {}", wrong.join("; ")), usize::from(inner.width));
        put(inner, 0, &Line::from(scene.piece(Role::Bad, says)), buf);
        row = 1;
    }
    let counts: Vec<_> = apps
        .iter()
        .map(|app| {
            let ready = app.iter().filter(|pod| pod.health == PodHealth::Ready).count();
            format!("{} {ready}/{}", app.first().map_or("", Pod::app), app.len())
        })
        .collect();
    for (index, says) in text::wrap(&counts.join("  "), usize::from(inner.width)).iter().enumerate()
    {
        let at = row + u16::try_from(index).unwrap_or(u16::MAX);
        put(inner, at, &Line::from(scene.piece(Role::Text, says.clone())), buf);
    }
}
