//! One pod of the shop in a container of a real cluster: the same code as in the lab, but whom it may call it finds by the names of
//! services, and it ends when the cluster asks it to. Nothing is done to it from inside: its faults are the cluster's.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::context::Context;
use super::journal::{note, note_endpoints};
use super::policy::Policy;
use super::{Doors, PodError, is_ready_alone, open};
use crate::gameday::defence::{Defence, Defences};
use crate::lab::channel::{Certificate, CertificateKit, Endpoint, PodSpec};
use crate::lab::shop::{ACCOUNT, PERMISSIONS, Role};
use crate::port::clock::Clock;
use crate::port::permissions::Permissions;

/// So often names are looked up, files of certificates looked at, and permissions asked for.
const LOOK: Duration = Duration::from_secs(1);
/// A name that takes longer does not resolve.
const RESOLVE: Duration = Duration::from_secs(2);
/// A pod that is asked to end has so long to finish what is under way.
const FINISH: Duration = Duration::from_secs(20);

/// The names of services, and what is behind each.
pub const SERVICES: [(&str, Role); 8] = [
    ("api-gateway", Role::Gateway),
    ("web-app", Role::Web),
    ("backend-service", Role::Backend),
    ("cache-service", Role::Cache),
    ("database-primary", Role::Primary),
    ("database-replica", Role::Replica),
    ("oauth-provider", Role::Auth),
    ("message-queue", Role::Queue),
];

/// What a container is told.
#[derive(Clone, Debug)]
pub struct Container {
    /// What it does: the name of its service.
    pub service: String,
    /// The name of the pod.
    pub name: String,
    /// The folder with everything it keeps.
    pub data: PathBuf,
    /// A configuration file that somebody else keeps, or a folder with a file for each setting; `None`: it makes one of its
    /// own.
    pub config: Option<PathBuf>,
    /// A folder with `tls.crt` and `tls.key` (gateway).
    pub tls: Option<PathBuf>,
    /// Where it listens.
    pub listen: IpAddr,
    /// On which port.
    pub port: u16,
    /// On which port it answers questions about itself, where it does not speak HTTP to its callers.
    pub metrics_port: u16,
    /// On which port it speaks TLS (gateway).
    pub secure_port: u16,
    /// Where services are, as `host:port`, where they are not found by their own names on this port.
    pub upstreams: BTreeMap<String, String>,
    /// The defences that are on.
    pub defences: Defences,
}

/// Runs one pod until it is asked to end. The identity provider asks `permissions` what the service account may do; without
/// them it holds them itself.
///
/// # Errors
/// When it cannot start.
pub fn serve(
    container: &Container,
    clock: Arc<dyn Clock>,
    permissions: Option<Box<dyn Permissions>>,
) -> Result<(), PodError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(run(container, clock, permissions));
    runtime.shutdown_background();
    ended
}

async fn run(
    container: &Container,
    clock: Arc<dyn Clock>,
    permissions: Option<Box<dyn Permissions>>,
) -> Result<(), PodError> {
    let role = role(&container.service).map_err(PodError::Told)?;
    let callees = callees(role, container).map_err(PodError::Told)?;
    let mut ends = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let spec = PodSpec {
        lab_id: "shop".to_owned(),
        name: container.name.clone(),
        role,
        parent_pid: 0,
        folder: std::path::absolute(&container.data)?,
        port: container.port,
        secure_port: container.secure_port,
        seed: seed(&container.name),
        defences: container.defences.clone(),
    };
    if let Some(file) = &container.config {
        kept_elsewhere(&spec, file)?;
    }
    let context = Context::new(spec, clock)?;
    tokio::spawn(Arc::clone(&context.configuration).follow());
    tokio::spawn(Arc::clone(&context).look_up_again());
    let doors = Doors { ip: container.listen, metrics: container.metrics_port };
    // What it is lives in its tasks.
    let (_roles, _ready) = open(&context, doors).await?;
    if let Some(folder) = container.tls.clone().filter(|_| role == Role::Gateway) {
        tokio::spawn(follow_certificate(Arc::clone(&context), folder));
    }
    note(&context, &format!("{} listens on port {}", container.service, container.port));
    match permissions.filter(|_| role == Role::Auth) {
        Some(permissions) => {
            tokio::spawn(follow_permissions(Arc::clone(&context), permissions));
        }
        None if is_ready_alone(role) || callees.is_empty() => takes_traffic(&context),
        None => {}
    }
    tokio::spawn(follow_names(Arc::clone(&context), callees));
    tokio::select! {
        _ = ends.0.recv() => {}
        _ = ends.1.recv() => {}
    }
    note(&context, "is asked to end; finishes what is under way");
    // Whoever still waits after that is cut off.
    drop(tokio::time::timeout(FINISH, context.finish()).await);
    Ok(())
}

fn role(service: &str) -> Result<Role, String> {
    let found = SERVICES.iter().find(|(name, _)| *name == service).map(|(_, role)| *role);
    found.ok_or_else(|| {
        let names: Vec<&str> = SERVICES.iter().map(|(name, _)| *name).collect();
        format!("{service:?} is no part of the shop; write one of: {}", names.join(", "))
    })
}

/// Services that the role calls, with their addresses.
fn callees(role: Role, container: &Container) -> Result<Vec<(Role, String)>, String> {
    let known = |name: &&String| SERVICES.iter().any(|(service, _)| service == name);
    if let Some(odd) = container.upstreams.keys().find(|name| !known(name)) {
        return Err(format!("there is no service {odd:?} to call"));
    }
    let called = SERVICES.iter().filter(|(_, other)| role.dials_role(*other));
    let address = |(name, other): &(&str, Role)| {
        let usual = || format!("{name}:{}", container.port);
        (*other, container.upstreams.get(*name).cloned().unwrap_or_else(usual))
    };
    Ok(called.map(address).collect())
}

/// The pod reads what somebody else keeps, as long as it is there.
fn kept_elsewhere(spec: &PodSpec, file: &Path) -> io::Result<()> {
    let folder = spec.folder.join(&spec.name);
    std::fs::create_dir_all(&folder)?;
    let own = folder.join("config.yaml");
    match std::fs::remove_file(&own) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::os::unix::fs::symlink(std::path::absolute(file)?, own)
}

fn takes_traffic(context: &Context) {
    if !context.ready.swap(true, Ordering::Relaxed) {
        note(context, "takes traffic");
    }
}

/// Looks up again and again who is behind the names, for ever.
async fn follow_names(context: Arc<Context>, callees: Vec<(Role, String)>) {
    let mut answers: BTreeMap<String, Vec<Endpoint>> = BTreeMap::new();
    let mut known: Vec<Endpoint> = Vec::new();
    let mut tick = tokio::time::interval(LOOK);
    loop {
        tick.tick().await;
        for (role, address) in &callees {
            match resolved(*role, address).await {
                Some(found) => drop(answers.insert(address.clone(), found)),
                // The last answer is kept where last answers are to be kept.
                None if context.has(Defence::NameCache) => {}
                None => drop(answers.remove(address)),
            }
        }
        let found: Vec<Endpoint> = callees
            .iter()
            .filter_map(|(_, address)| answers.get(address))
            .flatten()
            .cloned()
            .collect();
        if found != known {
            note_endpoints(&context, &known, &found);
            context.learn(found.clone());
            known = found;
        }
        // With anyone to call a pod is of use: without cache or without backend it still serves something.
        if known.iter().any(|one| one.role != Role::Auth) {
            takes_traffic(&context);
        }
    }
}

/// Who is behind a name; `None`: it does not resolve.
async fn resolved(role: Role, address: &str) -> Option<Vec<Endpoint>> {
    let found = tokio::time::timeout(RESOLVE, tokio::net::lookup_host(address)).await.ok()?.ok()?;
    let addresses: BTreeSet<SocketAddr> = found.collect();
    let endpoint = |address| Endpoint { pod: format!("{}@{address}", role.app()), role, address };
    Some(addresses.into_iter().map(endpoint).collect())
}

/// Serves what the files of a Secret hold, and what they hold when they change, for ever.
async fn follow_certificate(context: Arc<Context>, folder: PathBuf) {
    let mut seen = None;
    let mut tick = tokio::time::interval(LOOK);
    loop {
        tick.tick().await;
        let read = |file: &str| std::fs::read_to_string(folder.join(file));
        let now = match (read("tls.crt"), read("tls.key")) {
            (Ok(certificate), Ok(key)) => {
                // Who signed it may stand beside it; else it stands for itself.
                let authority = read("ca.crt").unwrap_or_else(|_| certificate.clone());
                Some((authority, certificate, key))
            }
            _ => None,
        };
        if now == seen {
            continue;
        }
        if let Some((authority, certificate, key)) = &now {
            // When it ends it says itself, to whoever looks at it.
            let certificate =
                Certificate { certificate: certificate.clone(), key: key.clone(), until: i64::MAX };
            let kit = CertificateKit {
                authority: authority.clone(),
                current: certificate.clone(),
                former: certificate,
            };
            match context.certificates.take(&kit) {
                Ok(()) => note(&context, "serves the certificate of its Secret"),
                Err(why) => note(&context, &format!("the certificate is not served: {why}")),
            }
        }
        seen = now;
    }
}

/// Asks again and again what the service account may do, for ever, and takes traffic once that is known. While nobody answers
/// the last answer holds.
async fn follow_permissions(context: Arc<Context>, permissions: Box<dyn Permissions>) {
    let mut known = None;
    let mut tick = tokio::time::interval(LOOK);
    loop {
        tick.tick().await;
        let now = permissions.held(ACCOUNT, &PERMISSIONS).await.map_err(|error| error.0);
        if known.as_ref() == Some(&now) {
            continue;
        }
        match &now {
            Ok(held) => {
                let words = if held.is_empty() { "nothing".to_owned() } else { held.join(", ") };
                note(&context, &format!("{ACCOUNT} may do: {words}"));
                context.policy.hold(Policy::granting(held));
                takes_traffic(&context);
            }
            Err(why) => note(&context, &format!("what {ACCOUNT} may do is not known: {why}")),
        }
        known = Some(now);
    }
}

/// Pods of one app do different things at random, and the same pod the same.
fn seed(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_calls_whom_the_plan_says() {
        let container = Container {
            service: "backend-service".to_owned(),
            name: "x".to_owned(),
            data: PathBuf::new(),
            config: None,
            tls: None,
            listen: IpAddr::from([127, 0, 0, 1]),
            port: 8080,
            metrics_port: 0,
            secure_port: 0,
            upstreams: [("database-replica".to_owned(), "localhost:7".to_owned())].into(),
            defences: Defences::default(),
        };
        let found = callees(Role::Backend, &container).unwrap();
        let found: Vec<&str> = found.iter().map(|(_, address)| address.as_str()).collect();
        assert_eq!(
            found,
            ["database-primary:8080", "localhost:7", "oauth-provider:8080", "message-queue:8080"]
        );
        let odd = Container { upstreams: [("x".to_owned(), String::new())].into(), ..container };
        assert!(callees(Role::Backend, &odd).is_err());
        assert!(role("web-ap").unwrap_err().contains("web-app"));
    }
}
