//! `gameday halt`, and the reaper that does the same when nobody can: lets go of what runs have in a cluster.

use super::args::{Halt, Reap};
use super::output::print;
use super::said::Said;
use crate::gameday::text::{plain, plain_lines};
use crate::kubernetes::connect::connect;
use crate::kubernetes::halt::{self, Order};
use crate::kubernetes::reach::Reach;
use crate::kubernetes::reaper::{Pace, watch_over};
use crate::port::clock::Clock;

/// Stops what is meant, and says what became of each thing.
///
/// # Errors
/// When there is no way to a cluster; for people.
pub(super) async fn halt(asked: Halt, clock: &dyn Clock) -> Result<Said, String> {
    let place = &asked.place;
    let connection = connect(place.context.as_deref(), place.namespace.as_deref())
        .await
        .map_err(|error| plain(&error.0))?;
    let reach = match asked.all_namespaces {
        true => Reach::Everywhere,
        false => Reach::Namespace(connection.namespace.clone()),
    };
    let order = Order {
        force: asked.reason.filter(|_| asked.force_finalizers),
        bound: asked.timeout,
        ..Order::of(asked.run.as_deref(), reach.clone(), &who())
    };
    let report = halt::halt(&connection, &order, clock).await;
    let mut text = report.text();
    if report.runs.is_empty() {
        text.push_str(&format!(
            "looked in {reach} of {}, by context {}\n",
            connection.server, connection.context
        ));
        if !asked.all_namespaces {
            text.push_str("gameday halt --all-namespaces looks everywhere\n");
        }
    }
    Ok(Said { text: plain_lines(&text) + "\n", notes: String::new(), success: report.is_clean() })
}

/// Who stops it, for those who read of it: a name and a machine.
fn who() -> String {
    let user = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
    let user = user.unwrap_or_else(|_| "somebody".to_owned());
    format!("{} with gameday halt", plain(&user))
}

/// Watches over a run.
///
/// # Errors
/// When there is no way to a cluster; for people.
pub(super) async fn reap(asked: Reap, clock: &dyn Clock) -> Result<Said, String> {
    let connection = connect(asked.context.as_deref(), Some(&asked.namespace))
        .await
        .map_err(|error| plain(&error.0))?;
    let pace = Pace { every: asked.every, stale: asked.stale_after, ..Pace::default() };
    // The log of a pod; when nobody takes it, that is no reason to let nobody go.
    let tell = |text: &str| drop(print(&plain_lines(text)));
    tell(&format!("watching over run {} in {}", asked.run, asked.namespace));
    watch_over(&connection, &asked.run, pace, clock, &tell).await;
    Ok(Said { text: String::new(), notes: String::new(), success: true })
}
