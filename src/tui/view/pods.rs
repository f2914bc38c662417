//! The target, app by app: how many pods, how each is, what is wrong.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

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
    let args = [("ready", ready.into()), ("count", pods.len().into())];
    let title = scene.title_of("pane-pods", scene.tell("pods-ready", &args));
    let inner = scene.panel(area, title, boxed, buf);
    if pods.is_empty() {
        put(
            inner,
            0,
            &Line::from(scene.piece(Role::Warn, format!("– {}", scene.say("no-data")))),
            buf,
        );
        return;
    }
    let mut apps: Vec<&[Pod]> = pods.chunk_by(|one, next| one.app() == next.app()).collect();
    if apps.len() > usize::from(inner.height) {
        // What is wrong is what must be seen.
        apps.sort_by_key(|app| app.iter().all(|pod| pod.health == PodHealth::Ready));
        if inner.width >= 30 {
            condensed(scene, &apps, inner, buf);
            return;
        }
    }
    // Each pod that something is wrong with has a line of its own where there is room for all of them.
    let troubled = pods.iter().filter(|pod| wrong(scene, pod).is_some()).count();
    let spread = apps.len() + troubled <= usize::from(inner.height) && troubled > 0;
    let zones = zones(scene);
    let mut row = 0;
    for app in &apps {
        put(inner, row, &line(scene, app, &zones, (inner.width, !spread)), buf);
        row += 1;
        for pod in app.iter().filter(|_| spread) {
            if let Some(says) = wrong(scene, pod) {
                let (shape, role, _) = sign(pod.health);
                put(inner, row, &Line::from(scene.piece(role, format!("  {shape} {says}"))), buf);
                row += 1;
            }
        }
    }
}

const fn sign(health: PodHealth) -> (&'static str, Role, &'static str) {
    match health {
        PodHealth::Ready => ("●", Role::Good, "pod-ready"),
        PodHealth::Starting => ("◐", Role::Warn, "pod-starting"),
        PodHealth::NotReady => ("○", Role::Warn, "pod-not-ready"),
        PodHealth::Dead => ("✗", Role::Bad, "pod-dead"),
    }
}

/// An app: its name, its pods as signs, and in words what is wrong where that stands nowhere else.
fn line<'a>(
    scene: &Scene<'a>,
    app: &'a [Pod],
    zones: &[(&str, &'a str)],
    (width, words): (u16, bool),
) -> Line<'a> {
    let name = app.first().map_or("", Pod::app);
    let mut pieces = vec![scene.piece(Role::Text, format!("{} ", text::pad(name, 16)))];
    if zones.len() > 1 {
        pieces.extend(by_zone(scene, app.iter(), zones, usize::from(width).saturating_sub(17)));
    } else {
        for pod in app {
            let (sign, role, _) = sign(pod.health);
            pieces.push(scene.piece(role, sign));
        }
    }
    let restarts: u32 = app.iter().map(|pod| pod.restarts).sum();
    if restarts > 0 {
        pieces.push(scene.piece(Role::Warn, format!(" ↻{restarts}")));
    }
    let used: usize = pieces.iter().map(|piece| text::width(&piece.content)).sum();
    let room = usize::from(width).saturating_sub(used + 1);
    if !words {
        return Line::from(pieces);
    }
    let wrong: Vec<_> = app.iter().filter_map(|pod| wrong(scene, pod)).collect();
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

/// The zones of a cluster, each with the least of its name that tells it from the others; none for the lab, whose zones are in
/// its labels.
fn zones<'a>(scene: &Scene<'a>) -> Vec<(&'a str, &'a str)> {
    let pods = &scene.state.topology.pods;
    let in_cluster = pods.iter().filter(|pod| !pod.namespace.is_empty());
    let all: BTreeSet<&str> = in_cluster.filter_map(|pod| pod.zone()).collect();
    let Some(first) = all.first() else { return Vec::new() };
    let same = |at: &usize| {
        first.is_char_boundary(*at) && all.iter().all(|one| one.get(..*at) == first.get(..*at))
    };
    let common = (0..first.len()).rev().find(same).unwrap_or(0);
    all.iter().map(|zone| (*zone, zone.get(common..).unwrap_or(zone))).collect()
}

/// The pods of an app zone by zone: as signs, or counted where there is no room for them.
fn by_zone<'a>(
    scene: &Scene<'a>,
    pods: impl Iterator<Item = &'a Pod> + Clone,
    zones: &[(&str, &str)],
    room: usize,
) -> Vec<Piece<'a>> {
    let of = |zone: Option<&str>| -> Vec<&Pod> {
        pods.clone().filter(|pod| pod.zone() == zone).collect()
    };
    let known = zones.iter().map(|(zone, short)| (of(Some(zone)), *short));
    let mut groups: Vec<(Vec<&Pod>, &str)> = known.collect();
    groups.push((of(None), "–"));
    groups.retain(|(pods, _)| !pods.is_empty());
    let wide: usize = groups.iter().map(|(pods, short)| text::width(short) + pods.len() + 2).sum();
    let mut pieces = Vec::new();
    for (pods, short) in groups {
        pieces.push(scene.piece(Role::Dim, format!("{short} ")));
        if wide <= room {
            for pod in pods {
                let (sign, role, _) = sign(pod.health);
                pieces.push(scene.piece(role, sign));
            }
            pieces.push(scene.piece(Role::Dim, " "));
            continue;
        }
        let ready = pods.iter().filter(|pod| pod.health == PodHealth::Ready).count();
        let role = if ready == pods.len() { Role::Good } else { Role::Bad };
        pieces.push(scene.piece(role, format!("{ready}/{} ", pods.len())));
    }
    pieces
}

/// What is wrong with a pod, in words, with the fault that hit it; `None`: nothing.
fn wrong(scene: &Scene<'_>, pod: &Pod) -> Option<String> {
    let hit = scene.state.live_injections().find(|run| run.victims.contains(&pod.name));
    if pod.health == PodHealth::Ready && pod.note.is_empty() && hit.is_none() {
        return None;
    }
    let (_, _, word) = sign(pod.health);
    let word = scene.lang.say(word);
    let mut says = format!("{} {word}", pod.name);
    if !pod.note.is_empty() {
        says.push_str(": ");
        says.push_str(&text::clean(&scene.lang.said(&pod.note)));
    }
    if let Some(planned) = hit.and_then(|run| scene.state.planned(run.id)) {
        says.push_str(" ◂ ");
        says.push_str(&text::clean(&planned.name));
    }
    Some(text::clean(&says).into_owned())
}

/// Several apps in a row: what is wrong in words, the rest as counts.
fn condensed<'a>(scene: &Scene<'a>, apps: &[&'a [Pod]], inner: Rect, buf: &mut Buffer) {
    let all = apps.iter().flat_map(|app| app.iter());
    let wrong: Vec<_> = all.filter_map(|pod| wrong(scene, pod)).collect();
    let mut row = 0;
    if !wrong.is_empty() {
        let says = text::fit(&format!("✗ {}", wrong.join("; ")), usize::from(inner.width));
        put(inner, 0, &Line::from(scene.piece(Role::Bad, says)), buf);
        row = 1;
    }
    let zones = zones(scene);
    if zones.len() > 1 {
        let all = apps.iter().flat_map(|app| app.iter());
        put(inner, row, &Line::from(by_zone(scene, all, &zones, 0)), buf);
        row += 1;
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
