//! The dead man's switch: a Job in the cluster that lets go of what a run broke when the program that runs it dies, or does not
//! undo in time. It sees the same journal as `gameday halt`, and does the same.
//!
//! `post` is the Job, `away` says from where · `when` decides.

pub mod away;
pub mod post;
pub mod when;

use std::time::Duration;

use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::{DeleteParams, ListParams, PostParams};
use tokio::time::{sleep, timeout};

use super::connect::Connection;
use super::halt::outcome::Report;
use super::halt::{Order, halt, undo};
use super::journal;
use super::journal::page::{Page, REAPED};
use super::lease;
use super::moment::rfc3339;
use super::name;
use super::native::carry::Over;
use super::patience::patiently;
use super::reach::Reach;
use super::trouble::{code, trouble};
use crate::gameday::text::printable;
use crate::port::clock::Clock;
use crate::port::target::TargetError;
use post::{KIND, Post, job, name_of};
use when::{Next, Pulse, next};

/// So long the server may be away.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a reaper waits at most between two attempts.
const SLOWEST: Duration = Duration::from_secs(60);
/// How often it is looked whether the pod of a reaper runs.
const LOOK: Duration = Duration::from_millis(500);

/// How fast a reaper is.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often it looks.
    pub every: Duration,
    /// For how long nobody may have renewed the lease.
    pub stale: Duration,
    /// How long one thing may take.
    pub bound: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { every: Duration::from_secs(5), stale: lease::STALE, bound: Duration::from_secs(90) }
    }
}

/// Posts a reaper, and waits until it watches.
///
/// # Errors
/// When it cannot be posted or does not run in time: then nobody lets go when we die.
pub async fn arm(connection: &Connection, post: &Post, bound: Duration) -> Result<(), TargetError> {
    let api: Api<Job> = Api::namespaced(connection.client.clone(), &post.namespace);
    let (new, job) = (PostParams::default(), job(post));
    match patiently(PATIENCE, || api.create(&new, &job)).await {
        Ok(_) => {}
        // One that we posted before, or whose answer was lost.
        Err(error) if code(&error) == Some(409) => {}
        Err(error) => return Err(trouble("post the reaper", &error)),
    }
    let watched = async {
        loop {
            if runs(connection, post).await? {
                return Ok(());
            }
            sleep(LOOK).await;
        }
    };
    match timeout(bound, watched).await {
        Ok(outcome) => outcome,
        Err(_) => Err(TargetError(format!(
            "the reaper does not run within {} s: look at kubectl -n {} describe job {}; does the account {} exist (gameday rbac), and can the image {} be had{}?",
            bound.as_secs(),
            post.namespace,
            name_of(&post.run),
            post.account,
            printable(&post.image, 200),
            priority(post),
        ))),
    }
}

/// Another reason why no pod came of it.
fn priority(post: &Post) -> String {
    post.priority.as_deref().map_or_else(String::new, |class| {
        format!(", and is there a PriorityClass {}", printable(class, 80))
    })
}

/// Whether its pod runs.
async fn runs(connection: &Connection, post: &Post) -> Result<bool, TargetError> {
    let api: Api<Pod> = Api::namespaced(connection.client.clone(), &post.namespace);
    let selector = format!("{},{}={KIND}", name::selector(Some(&post.run)), name::KIND);
    let list = ListParams::default().labels(&selector);
    let pods = patiently(PATIENCE, || api.list(&list)).await;
    let pods = pods.map_err(|error| trouble("look at the reaper", &error))?;
    let phase = |pod: &Pod| pod.status.as_ref()?.phase.clone();
    Ok(pods.items.iter().any(|pod| phase(pod).as_deref() == Some("Running")))
}

/// Takes the reaper of a run away.
///
/// # Errors
/// When it cannot be deleted.
pub async fn disarm(connection: &Connection, run: &str) -> Result<(), TargetError> {
    let api: Api<Job> = Api::namespaced(connection.client.clone(), &connection.namespace);
    let (name, delete) = (name_of(run), DeleteParams::background());
    match patiently(PATIENCE, || api.delete(&name, &delete)).await {
        Ok(_) => Ok(()),
        Err(error) if code(&error) == Some(404) => Ok(()),
        Err(error) => Err(trouble(&format!("delete the reaper {name}"), &error)),
    }
}

/// Watches over a run until there is nothing to watch over any more, and lets go where nobody else does. What was done is told
/// to `tell` as it is done.
pub async fn watch_over(
    connection: &Connection,
    run: &str,
    pace: Pace,
    clock: &dyn Clock,
    tell: &(dyn Fn(&str) + Sync),
) {
    let mut pulse = Pulse::default();
    let mut wait = pace.every;
    loop {
        match look(connection, run).await {
            Ok((page, renewed)) => {
                let silent = pulse.seen(renewed, clock.monotonic());
                let next = next(page.as_ref(), silent, pace.stale, clock.wall_millis());
                // What does not let go is asked again, and not more and more often.
                wait = match next {
                    Next::Wait | Next::Leave => pace.every,
                    Next::Undo(_) | Next::UndoAll => (wait * 2).min(SLOWEST).max(pace.every),
                };
                if act(connection, (run, page), next, pace, clock, tell).await {
                    return;
                }
            }
            Err(error) => {
                pulse.hidden();
                tell(&format!("cannot look: {error}"));
            }
        }
        sleep(wait).await;
    }
}

/// The journal, and when the lease was renewed.
async fn look(
    connection: &Connection,
    run: &str,
) -> Result<(Option<Page>, Option<i64>), TargetError> {
    let page = journal::open(connection, run).await?;
    let api: Api<Lease> = Api::namespaced(connection.client.clone(), &connection.namespace);
    let name = lease::name_of(run);
    let lease = patiently(PATIENCE, || api.get_opt(&name)).await;
    let lease = lease.map_err(|error| trouble(&format!("look at the lease {name}"), &error))?;
    Ok((page, lease.and_then(|lease| lease::read(&lease).renewed)))
}

/// Does what comes next; whether it was the last.
async fn act(
    connection: &Connection,
    (run, page): (&str, Option<Page>),
    next: Next,
    pace: Pace,
    clock: &dyn Clock,
    tell: &(dyn Fn(&str) + Sync),
) -> bool {
    match next {
        Next::Wait => false,
        Next::Leave => {
            tell("nothing is left to watch over");
            leave(connection, run, tell).await;
            true
        }
        Next::Undo(keys) => {
            let mut entries = page.map(|page| page.entries).unwrap_or_default();
            entries.retain(|entry| keys.contains(&entry.key));
            tell(&format!("over the deadline: {}", keys.join(", ")));
            let lines = undo(connection, run, &entries, Over::Nothing, pace.bound).await;
            tell(&Report { lines, ..Report::default() }.text());
            false
        }
        Next::UndoAll => {
            tell("nobody renews the lease: letting go");
            let reach = Reach::Namespace(connection.namespace.clone());
            let order = Order {
                bound: pace.bound,
                keeps: true,
                ..Order::of(Some(run), reach, "the reaper: nobody renewed the lease")
            };
            let report = halt(connection, &order, clock).await;
            tell(&report.text());
            if !report.is_clean() {
                return false;
            }
            let now = rfc3339(clock.wall_millis());
            if let Err(error) = journal::mark(connection, run, REAPED, &now).await {
                tell(&format!("cannot say that it is done: {error}"));
                return false;
            }
            leave(connection, run, tell).await;
            true
        }
    }
}

/// Takes itself away.
async fn leave(connection: &Connection, run: &str, tell: &(dyn Fn(&str) + Sync)) {
    if let Err(error) = disarm(connection, run).await {
        // The Job ends by itself, and the cluster takes it away later.
        tell(&error.0);
    }
}
