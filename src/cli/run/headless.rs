//! An exercise without a screen: progress as lines.

use std::io;
use std::sync::Arc;

use crate::cli::output::{complain, print};
use crate::cli::signals::Signals;
use crate::exercise::command::Command;
use crate::exercise::event::Event;
use crate::exercise::fold::apply;
use crate::exercise::log::LogEntry;
use crate::exercise::reading::{BreakerReading, Reading};
use crate::exercise::state::{Stage, State};
use crate::gameday::metric::{Metric, grouped};
use crate::gameday::span::Span;
use crate::gameday::text::plain;
use crate::port::feed::{Feed, FeedItem, Orders};
use crate::tui::words;

/// A line of figures every so many samples.
const EVERY: usize = 10;

/// Prints what happens until the exercise has ended.
///
/// # Errors
/// When standard output cannot be written.
pub(super) async fn follow(
    mut feed: Feed,
    orders: Arc<dyn Orders>,
    mut signals: Signals,
) -> io::Result<()> {
    let mut state = feed.snapshot;
    let mut times = Times::default();
    while state.stage != Stage::Ended {
        tokio::select! {
            item = feed.tail.recv() => match item {
                Some(FeedItem::Event(envelope)) => {
                    let lines = state.log.len();
                    apply(&mut state, &envelope);
                    let time = times.at(&state);
                    for entry in state.log.iter().skip(lines) {
                        print(&line(&time, entry))?;
                    }
                    // What is not in the log.
                    for line in inside(&state, &envelope.event) {
                        print(&format!("{time:<10} {}", plain(&line)))?;
                    }
                    let samples = state.series.points().len();
                    if matches!(envelope.event, Event::Sampled(_)) && samples.is_multiple_of(EVERY) {
                        print(&figures(&time, &state))?;
                    }
                }
                Some(FeedItem::Refused { why, .. }) => complain(&format!("refused: {}", plain(&why))),
                Some(FeedItem::RecordingTrouble(Some(why))) => complain(&format!("held: {}", plain(&why))),
                Some(FeedItem::RecordingTrouble(None)) => complain("the recording can be written again"),
                Some(FeedItem::Revealed(_)) => {}
                None => return Ok(()),
            },
            name = signals.next() => {
                let undoing = if state.is_watch() { "" } else { ", undoing every fault" };
                complain(&format!("{name}: ending{undoing}"));
                orders.send(Command::End { by: name.into(), reason: "the program was told to end".into() });
            }
        }
    }
    Ok(())
}

/// What an event about the inside of the target means, where it is news and the log does not tell it.
fn inside(state: &State, event: &Event) -> Vec<String> {
    match event {
        Event::Observed(reading) => {
            let before = state.readings.iter().rev().nth(1);
            let open = |reading: &Reading, owner: &str, guards: &str| {
                let same = |one: &&BreakerReading| one.owner == owner && one.guards == guards;
                reading.breakers.iter().find(same).map_or(0, |one| one.open)
            };
            let news = reading.breakers.iter().filter_map(|one| {
                let was = before.map_or(0, |before| open(before, &one.owner, &one.guards));
                let name = format!("breaker {} -> {}", one.owner, one.guards);
                match (was, one.open) {
                    (0, 0) if one.opened > 0 => Some(format!("{name} opened and closed again")),
                    (0, now) if now > 0 => Some(format!("{name} is open ({now} of {})", one.count)),
                    (was, 0) if was > 0 => Some(format!("{name} is closed again")),
                    _ => None,
                }
            });
            news.collect()
        }
        _ => Vec::new(),
    }
}

/// The time in front of a line: of a watch that of the day (UTC), else that of the exercise, and how long it stands still: before the first phase, in a hold, in
/// a halt, behind the last phase.
#[derive(Debug, Default)]
struct Times {
    still_since: Option<Span>,
}

impl Times {
    fn at(&mut self, state: &State) -> String {
        if state.is_watch() {
            return words::wall(state.now.wall, true);
        }
        let time = state.exercise_time(state.now);
        if state.clock.since.is_some() {
            self.still_since = None;
            return format!("+{time}");
        }
        let since = *self.still_since.get_or_insert(state.now.elapsed);
        let still = state.now.elapsed - since;
        if still == Span::ZERO { format!("+{time}") } else { format!("+{time} (+{still})") }
    }
}

fn line(time: &str, entry: &LogEntry) -> String {
    let who = entry.team.as_ref().map_or_else(String::new, |team| format!("[{team}] "));
    format!("{time:<10} {}{}", plain(&who), plain(&entry.text))
}

fn figures(time: &str, state: &State) -> String {
    let last = state.series.points().last();
    let show = |metric: Metric| {
        let value = last.and_then(|point| point.value(metric));
        value.map_or_else(|| "no data".to_owned(), |value| metric.unit().show(value))
    };
    let planned = last.map_or(0.0, |point| point.sample.planned);
    format!(
        "{time:<10} {} rps planned, {} ok, availability {}, p99 {}",
        grouped(planned.round()),
        show(Metric::Throughput),
        show(Metric::Availability),
        show(Metric::Latency(990)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::blast::Ceiling;
    use crate::exercise::header::Header;
    use crate::exercise::stamp::Stamp;
    use crate::exercise::state::ExerciseClock;
    use crate::gameday::read::inspect;

    #[test]
    fn time_goes_on_in_front_of_lines_while_the_clock_of_the_exercise_stands() {
        let plan = inspect("phases: [{ name: one, duration: 5m }]", "x.yaml").0.unwrap();
        let (program, exercise) = ("test".to_owned(), "x".to_owned());
        let (ceiling, seed) = (Ceiling::Controlled, 1);
        let header = Header {
            gameday_recording: 1,
            program,
            exercise,
            began: 0,
            seed,
            ceiling,
            headless: true,
            briefing: None,
            drill: true,
            rehearsal: None,
            alertmanager: None,
            watch: None,
            plan,
        };
        let mut state = State::new(Arc::new(header));
        let mut times = Times::default();
        // Elapsed seconds, those counted up to the last stop, and the running ones' beginning.
        for (elapsed, banked, since, want) in [
            (1, 0, None, "+0s"),
            (3, 0, None, "+0s (+2s)"),
            (4, 0, Some(4), "+0s"),
            (9, 0, Some(4), "+5s"),
            (10, 6, None, "+6s"),
            (12, 6, None, "+6s (+2s)"),
            (20, 6, Some(20), "+6s"),
            (21, 7, None, "+7s"),
        ] {
            let seconds = Span::from_secs;
            state.now = Stamp::new(seconds(elapsed), 0);
            state.clock =
                ExerciseClock { banked: seconds(banked), since: since.map(Span::from_secs) };
            assert_eq!(times.at(&state), want, "at {elapsed} s");
        }
    }
}
