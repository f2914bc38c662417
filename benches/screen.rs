//! What a frame of the screen costs: the whole live screen, 200×60, with two hours of seconds behind it. No terminal.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "the states are those of the tests, which use more of them and stop at the first surprise"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use gameday::exercise::judge::judge_all;
use gameday::exercise::series::over;
use gameday::exercise::state::State;
use gameday::gameday::metric::Metric;
use gameday::gameday::span::Span;
use gameday::lang::{Lang, Language};
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::ui::Ui;
use gameday::tui::view::{self, clocked::shown};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

#[path = "../tests/screens/scenes.rs"]
mod scenes;

fn frame(criterion: &mut Criterion, name: &str, state: &State, size: (u16, u16)) {
    let theme = Theme::named("dark", Depth::True).unwrap();
    let mut ui = Ui::new("facilitator");
    ui.catch_up(state);
    let lang = Lang::new(Language::English);
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    let mut now = state.now;
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            now.elapsed += Span::from_secs(1);
            let scene = Scene {
                state,
                ui: &ui,
                theme: &theme,
                lang: &lang,
                now: shown(state, black_box(now)),
            };
            terminal.draw(|frame| view::draw(frame, &scene)).unwrap();
        });
    });
}

fn frames(criterion: &mut Criterion) {
    let (long, short) = (scenes::two_hours(), scenes::fault_active());
    assert_eq!(long.series.points().len(), 7_200);
    frame(criterion, "screen: 200x60, two hours", &long, (200, 60));
    frame(criterion, "screen: 200x60, four minutes", &short, (200, 60));
    frame(criterion, "screen: 80x24, two hours", &long, (80, 24));
    criterion.bench_function("objectives: p99 of two hours", |bencher| {
        bencher.iter(|| over(black_box(long.series.points()), Metric::Latency(990)));
    });
    criterion.bench_function("objectives: judge two hours", |bencher| {
        bencher.iter(|| judge_all(black_box(&long)));
    });
}

criterion_group!(benches, frames);
criterion_main!(benches);
