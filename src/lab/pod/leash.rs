//! What ties a pod to its lab: orders come in on stdin, notices go out on stdout, and without the lab the pod ends.

use std::io::{self, BufRead};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::mpsc;

use super::context::Context;
use super::database::Database;
use super::harm::Harm;
use super::journal::{note, note_endpoints};
use super::probe::probe;
use super::roles::{Roles, why};
use super::say::say;
use super::store::Store;
use super::tls;
use crate::lab::channel::{Answer, Effect, Endpoint, Notice, Order, PodSpec, What};
use crate::lab::shop::Role;
use crate::lab::snapshot::{database_of, snapshot};

/// How long the smallest statement may take before a probe gives up.
const STATEMENT_LIMIT: Duration = Duration::from_secs(10);

/// Asks the kernel to end this process with its parent, and looks that the parent still lives.
pub(super) fn bind_to_parent(spec: &PodSpec) -> Result<(), String> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        .map_err(|error| format!("cannot be tied to its parent: {error}"))?;
    let parent = rustix::process::getppid().map_or(0, |pid| pid.as_raw_nonzero().get());
    if u32::try_from(parent).ok() == Some(spec.parent_pid) {
        Ok(())
    } else {
        Err(format!("the lab's process {} is gone", spec.parent_pid))
    }
}

/// Orders as they come in; ends when the lab is gone.
pub(super) fn orders() -> io::Result<mpsc::UnboundedReceiver<Order>> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::Builder::new().name("leash".to_owned()).spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            // A line nobody understands is not answered, which the lab notices.
            if let Ok(order) = serde_json::from_str(&line)
                && sender.send(order).is_err()
            {
                return;
            }
        }
    })?;
    Ok(receiver)
}

/// Does as told until told to stop or left alone.
pub(super) async fn obey(
    context: Arc<Context>,
    roles: Roles,
    mut orders: mpsc::UnboundedReceiver<Order>,
    ready: Notice,
) {
    let mut harm = Harm::new(&context, &roles);
    while let Some(Order { seq, what }) = orders.recv().await {
        let reply = move |answer| say(&Notice::Reply { seq, answer });
        match what {
            What::Endpoints(endpoints) => {
                let enough = hear(&context, endpoints).await;
                reply(Answer::Done);
                if enough && !context.ready.swap(true, Ordering::Relaxed) {
                    note(&context, "takes traffic");
                    say(&ready);
                }
            }
            What::Impose { key, effect } => {
                reply(answer(begin(&context, &mut harm, key, effect).await));
            }
            What::Lift { key } => reply(answer(end(&context, &mut harm, &key).await)),
            What::Probe { peer, limit } => {
                let context = Arc::clone(&context);
                tokio::spawn(async move {
                    let took = probe(&context, &peer, limit.into()).await;
                    reply(Answer::Took { micros: took.map(micros) });
                });
            }
            What::ProbeStatement => {
                let (context, database) = (Arc::clone(&context), roles.database.clone());
                tokio::spawn(async move { reply(probe_statement(&context, database).await) });
            }
            What::RenewCertificate if context.spec.role == Role::Gateway => {
                let context = Arc::clone(&context);
                tokio::spawn(async move { reply(tls::renew(&context).await) });
            }
            What::Promote
            | What::Flush
            | What::Position
            | What::Buy(_)
            | What::CopyData { .. }
            | What::ProbeWrite { .. } => {
                let (context, roles) = (Arc::clone(&context), roles.clone());
                tokio::spawn(async move {
                    let done = by_role(&context, &roles, what).await;
                    reply(done.unwrap_or_else(|| cannot(&context)));
                });
            }
            What::Stop => {
                note(&context, "is asked to end; finishes what is under way");
                return context.finish().await;
            }
            other => reply(at_once(&context, other)),
        }
    }
}

/// What needs no waiting.
fn at_once(context: &Context, what: What) -> Answer {
    match what {
        What::Ping => {}
        What::Inspect => {
            let (keys, lost) = context.faults.inspect();
            return Answer::Faults { keys, lost: lost + context.damages.count() };
        }
        What::Read => return Answer::Read(context.tally.read(context.now())),
        What::Resolve { app } => return Answer::Said { what: context.resolve(&app) },
        What::Time => return Answer::Time { wall: context.wall.now() },
        What::Permissions { account } => {
            let held = context.policy.now().map(|policy| policy.of(&account));
            return Answer::Permissions { held };
        }
        What::Shed { share } if context.spec.role == Role::Gateway => context.shedding.set(share),
        What::Warm if context.spec.role == Role::Web => {
            context.warm.send_replace(());
        }
        What::Certificate(kit) => {
            if let Err(why) = context.certificates.take(&kit) {
                return Answer::Failed { why };
            }
        }
        _ => return cannot(context),
    }
    Answer::Done
}

/// Hears whom it may call; whether that is enough to be of use.
async fn hear(context: &Context, endpoints: Vec<Endpoint>) -> bool {
    // With anyone to call a pod is of use: without cache or without backend it still serves something.
    let enough =
        endpoints.iter().any(|one| one.role != Role::Auth) || context.spec.role == Role::Auth;
    note_endpoints(context, &context.endpoints.borrow(), &endpoints);
    context.learn(endpoints);
    // Let the followers take the news in before the lab hears that they have.
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    enough
}

/// Begins a fault: all of it, or nothing.
async fn begin(
    context: &Context,
    harm: &mut Harm,
    key: String,
    effect: Effect,
) -> Result<(), String> {
    let mut begun = harm.impose(&key, &effect).await;
    if begun.is_ok() {
        begun = context.faults.impose(key.clone(), effect);
        if begun.is_err() {
            // What is worse than no fault is half of one; the first error says more.
            let _ = harm.lift(&key).await;
        }
    }
    context.settle();
    begun
}

/// Ends a fault.
async fn end(context: &Context, harm: &mut Harm, key: &str) -> Result<(), String> {
    let ended = harm.lift(key).await;
    if ended.is_ok() {
        context.faults.lift(key);
    }
    context.settle();
    ended
}

fn answer(done: Result<(), String>) -> Answer {
    done.map_or_else(|why| Answer::Failed { why }, |()| Answer::Done)
}

/// What only some roles can do.
async fn by_role(context: &Context, roles: &Roles, what: What) -> Option<Answer> {
    match what {
        What::Promote => roles.promote().await,
        What::Flush => roles.flush(),
        What::Position => roles.position().await,
        What::Buy(purchase) => roles.buy(purchase).await,
        What::CopyData { file } if roles.disk().is_some() => {
            let spec = &context.spec;
            let (from, to) = (database_of(&spec.folder, &spec.name), spec.folder.join(file));
            let copied = tokio::task::spawn_blocking(move || snapshot(&from, &to)).await;
            let copied = copied.unwrap_or_else(|error| Err(std::io::Error::other(error)));
            Some(
                copied.map_or_else(
                    |error| Answer::Failed { why: error.to_string() },
                    |()| Answer::Done,
                ),
            )
        }
        What::ProbeWrite { bytes } => {
            let start = context.now();
            let written = roles.try_write(bytes).await?;
            let took = Answer::Took { micros: Some(micros(context.now() - start)) };
            Some(written.map_or_else(|error| Answer::Failed { why: why(error) }, |()| took))
        }
        _ => None,
    }
}

fn cannot(context: &Context) -> Answer {
    Answer::Failed { why: format!("{} does not do this", context.spec.name) }
}

async fn probe_statement(context: &Context, database: Option<Arc<Database>>) -> Answer {
    let Some(database) = database else {
        return Answer::Failed { why: format!("{} has no database", context.spec.name) };
    };
    let start = context.now();
    match tokio::time::timeout(STATEMENT_LIMIT, database.read(Store::ping)).await {
        Ok(Ok(())) => Answer::Took { micros: Some(micros(context.now() - start)) },
        Ok(Err(error)) => Answer::Failed { why: why(error) },
        Err(_) => Answer::Took { micros: None },
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
