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
use crate::gameday::text::plain;
use crate::port::feed::{Feed, FeedItem, Orders};

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
    while state.stage != Stage::Ended {
        tokio::select! {
            item = feed.tail.recv() => match item {
                Some(FeedItem::Event(envelope)) => {
                    let lines = state.log.len();
                    apply(&mut state, &envelope);
                    for entry in state.log.iter().skip(lines) {
                        print(&line(entry))?;
                    }
                    // What is not in the log.
                    for line in inside(&state, &envelope.event) {
                        print(&format!("+{:<9} {}", state.exercise_time(state.now).to_string(), plain(&line)))?;
                    }
                    let samples = state.series.points().len();
                    if matches!(envelope.event, Event::Sampled(_)) && samples.is_multiple_of(EVERY) {
                        print(&figures(&state))?;
                    }
                }
                Some(FeedItem::Refused(why)) => complain(&format!("refused: {}", plain(&why))),
                Some(FeedItem::RecordingTrouble(Some(why))) => complain(&format!("held: {}", plain(&why))),
                Some(FeedItem::RecordingTrouble(None)) => complain("the recording can be written again"),
                None => return Ok(()),
            },
            name = signals.next() => {
                complain(&format!("{name}: ending, undoing every fault"));
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

fn line(entry: &LogEntry) -> String {
    let who = entry.team.as_ref().map_or_else(String::new, |team| format!("[{team}] "));
    format!("+{:<9} {}{}", entry.exercise_time.to_string(), plain(&who), plain(&entry.text))
}

fn figures(state: &State) -> String {
    let last = state.series.points().last();
    let show = |metric: Metric| {
        let value = last.and_then(|point| point.value(metric));
        value.map_or_else(|| "no data".to_owned(), |value| metric.unit().show(value))
    };
    let planned = last.map_or(0.0, |point| point.sample.planned);
    format!(
        "+{:<9} {} rps planned, {} ok, availability {}, p99 {}",
        state.exercise_time(state.now).to_string(),
        grouped(planned.round()),
        show(Metric::Throughput),
        show(Metric::Availability),
        show(Metric::Latency(990)),
    )
}
