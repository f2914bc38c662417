//! One pod: what the hidden subcommand runs, a process of its own. Starting and watching pods is the lab's part.
//!
//! `leash` ties it to the lab · `context` is what all roles share · `wire` and `faults` sit under every connection ·
//! `container` runs one in a cluster instead, without a lab ·
//! `http`, `tls`, `frames` carry requests · `gateway`, `web`, `backend`, `cache`, `database`, `queue`, `oauth` are the
//! roles · `faults` and `harm` are what is done to them.

mod account;
mod agreement;
mod allowance;
mod backend;
mod balancer;
mod batch;
mod breaker;
mod budget;
mod burn;
mod cache;
mod carrier;
mod certificates;
mod churn;
mod configuration;
pub mod container;
mod context;
mod damage;
mod database;
mod disk;
mod door;
mod faults;
mod frames;
mod gateway;
mod harm;
mod http;
mod journal;
mod leash;
mod ledger;
mod memory;
mod message;
mod metrics;
mod names;
mod oauth;
mod orders;
mod past;
mod piece;
mod policy;
mod probe;
mod provider;
mod query;
mod queue;
mod replication;
mod roles;
mod say;
mod signal;
mod spool;
mod store;
mod tally;
mod tamper;
mod tls;
mod token;
mod tokens;
mod upstream;
mod using;
mod verify;
mod vfs;
mod wall;
mod warm;
mod web;
mod wire;
mod writer;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::net::TcpListener;

pub(super) use self::churn::churn_in;
use self::context::Context;
use self::database::Database;
use self::queue::Queue;
use self::roles::Roles;
use super::channel::{Notice, PodSpec};
use super::shop::Role;
use crate::port::clock::Clock;

/// Why a pod could not run.
#[derive(Debug, thiserror::Error)]
pub enum PodError {
    /// It was not told what it is.
    #[error("the pod cannot understand what it is: {0}")]
    Spec(#[from] serde_json::Error),
    /// What it was told makes no sense.
    #[error("{0}")]
    Told(String),
    /// The process that started it is gone.
    #[error("{0}")]
    Orphan(String),
    /// The system refused something.
    #[error("the pod cannot start: {0}")]
    System(#[from] std::io::Error),
    /// Its file cannot be used.
    #[error("the database cannot be opened: {0}")]
    Database(String),
}

/// Undoes the damage of a fault in the file of a database that does not run.
///
/// # Errors
/// When SQLite says no, in words; nothing is undone then.
pub(super) fn undo_damage(file: &mut rusqlite::Connection, fault: &str) -> Result<(), String> {
    tamper::undo(file, Some(fault)).map(drop).map_err(|error| format!("{error:?}"))
}

/// So much nicer than others: whoever looks at the screen goes first.
const NICE: i32 = 5;

/// Runs one pod until its lab stops it or is gone. `spec` is the JSON text the lab passed as argument.
///
/// # Errors
/// When it cannot start; once it runs, it ends without an error.
pub fn serve(spec: &str, clock: Arc<dyn Clock>) -> Result<(), PodError> {
    let spec: PodSpec = serde_json::from_str(spec)?;
    leash::bind_to_parent(&spec).map_err(PodError::Orphan)?;
    // Only a courtesy: a system that refuses runs the pod all the same.
    let _ = rustix::process::nice(NICE);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(run(spec, clock));
    runtime.shutdown_background();
    ended
}

async fn run(spec: PodSpec, clock: Arc<dyn Clock>) -> Result<(), PodError> {
    let orders = leash::orders()?;
    let context = Context::new(spec, clock)?;
    tokio::spawn(Arc::clone(&context.configuration).follow());
    tokio::spawn(Arc::clone(&context).look_up_again());
    let (roles, ready) = open(&context, Doors::HERE).await?;
    if is_ready_alone(context.spec.role) {
        context.ready.store(true, Ordering::Relaxed);
        say::say(&ready);
    }
    leash::obey(context, roles, orders, ready).await;
    Ok(())
}

/// A replica answers what only reads, also while there is no primary to follow; the identity provider waits for its faults:
/// what it says is kept by others.
fn is_ready_alone(role: Role) -> bool {
    role == Role::Replica || (role.dials().is_empty() && role != Role::Auth)
}

/// Where a pod listens, beside the ports that it was told.
#[derive(Clone, Copy)]
struct Doors {
    ip: IpAddr,
    /// Of pods that do not speak HTTP to their callers.
    metrics: u16,
}

impl Doors {
    /// On this machine only, wherever there is room.
    const HERE: Self = Self { ip: IpAddr::V4(Ipv4Addr::LOCALHOST), metrics: 0 };
}

/// Begins what the pod's role does; what it is, and where it can be called.
async fn open(context: &Arc<Context>, doors: Doors) -> Result<(Roles, Notice), PodError> {
    let listener = TcpListener::bind((doors.ip, context.spec.port)).await?;
    let address = listener.local_addr()?;
    let mut metrics = address;
    let mut secure = None;
    let mut roles = Roles::default();
    match context.spec.role {
        Role::Gateway => {
            let gateway = gateway::Gateway::new(context);
            let safe = TcpListener::bind((doors.ip, context.spec.secure_port)).await?;
            secure = Some(safe.local_addr()?);
            tls::serve(context, safe, Arc::clone(&gateway))?;
            tokio::spawn(http::serve(Arc::clone(context), listener, gateway));
        }
        Role::Web => {
            let web = web::Web::new(context);
            tokio::spawn(warm::keep_warm(Arc::clone(&web)));
            let web = web::handler(web);
            tokio::spawn(http::serve(Arc::clone(context), listener, web));
        }
        Role::Backend => {
            let backend = backend::Backend::new(context)?;
            tokio::spawn(http::serve(Arc::clone(context), listener, backend));
        }
        Role::Cache => {
            let cache = cache::Cache::new(context);
            roles.cache = Some(Arc::clone(&cache));
            metrics = bare(context, doors).await?;
            tokio::spawn(frames::serve(Arc::clone(context), listener, cache));
        }
        Role::Auth => {
            let oauth = oauth::Oauth::open(context)?;
            tokio::spawn(http::serve(Arc::clone(context), listener, oauth));
        }
        Role::Primary | Role::Replica => {
            let open = Database::open(context)
                .map_err(|error| PodError::Database(format!("{error:?}")))?;
            roles.database = Some(Arc::clone(&open));
            if context.spec.role == Role::Replica {
                tokio::spawn(replication::follow(Arc::clone(&open)));
            }
            metrics = bare(context, doors).await?;
            tokio::spawn(frames::serve(Arc::clone(context), listener, open));
        }
        Role::Queue => {
            let open =
                Queue::open(context).map_err(|error| PodError::Database(format!("{error:?}")))?;
            roles.queue = Some(Arc::clone(&open));
            metrics = bare(context, doors).await?;
            tokio::spawn(frames::serve(Arc::clone(context), listener, open));
        }
    }
    Ok((roles, Notice::Ready { address, metrics, secure }))
}

/// A port for the questions every pod answers, for pods that do not speak HTTP to their callers.
async fn bare(context: &Arc<Context>, doors: Doors) -> Result<SocketAddr, PodError> {
    let listener = TcpListener::bind((doors.ip, doors.metrics)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(http::serve(
        Arc::clone(context),
        listener,
        Arc::new(http::Bare(Arc::clone(context))),
    ));
    Ok(address)
}
