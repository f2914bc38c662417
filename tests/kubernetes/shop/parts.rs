//! The parts of the shop as processes of their own, found by names and told by their environment alone, as in containers.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gameday::cli::library::BUILT_IN;
use gameday::gameday::fault::{ConfigurationSource, Fault};
use gameday::gameday::read::inspect;

use super::super::native::{applied, prepared, reverted};
use super::super::stage::Stage;
use super::{Labels, documents, folder, shop};

/// A part of the shop; killed when it is dropped.
pub(super) struct Part {
    child: Child,
    pub(super) port: u16,
    metrics: u16,
}

impl Drop for Part {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub(super) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The status and the whole answer; `None`: nobody answered.
fn ask(port: u16, request: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer))
}

pub(super) fn get(port: u16, path: &str) -> Option<(u16, String)> {
    let head = "host: shop\r\ncookie: session=7\r\nconnection: close";
    ask(port, &format!("GET {path} HTTP/1.1\r\n{head}\r\n\r\n"))
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "{what} does not happen");
        std::thread::yield_now();
    }
}

/// A part that is told what a container is told.
pub(super) fn command(service: &str, data: &Path, ports: (u16, u16), upstreams: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gameday"));
    command.arg("shop").env("GAMEDAY_SHOP_SERVICE", service).env("GAMEDAY_SHOP_POD", service);
    command.env("GAMEDAY_SHOP_DATA", data).env("GAMEDAY_SHOP_LISTEN", "127.0.0.1");
    command.env("GAMEDAY_SHOP_PORT", ports.0.to_string());
    command.env("GAMEDAY_SHOP_METRICS_PORT", ports.1.to_string());
    command.env("GAMEDAY_SHOP_SECURE_PORT", "0");
    if !upstreams.is_empty() {
        command.env("GAMEDAY_SHOP_UPSTREAMS", upstreams);
    }
    command.stdin(Stdio::null()).stderr(Stdio::null());
    command
}

pub(super) fn start(mut command: Command, service: &str, ports: (u16, u16)) -> Part {
    let frames =
        !["api-gateway", "web-app", "backend-service", "oauth-provider"].contains(&service);
    let child = command.spawn().unwrap();
    Part { child, port: ports.0, metrics: if frames { ports.1 } else { ports.0 } }
}

pub(super) fn is_ready(part: &Part, ready: bool) {
    let wanted = if ready { 200 } else { 503 };
    let what = format!("/readyz answers {wanted}");
    until(&what, || get(part.metrics, "/readyz").filter(|(status, _)| *status == wanted));
}

#[test]
fn each_part_runs_as_a_process_of_its_own_and_a_purchase_reaches_the_database() {
    let scratch = tempfile::tempdir().unwrap();
    let services = [
        "database-primary",
        "database-replica",
        "message-queue",
        "oauth-provider",
        "cache-service",
        "backend-service",
        "web-app",
        "api-gateway",
    ];
    let ports: BTreeMap<&str, (u16, u16)> =
        services.iter().map(|one| (*one, (free_port(), free_port()))).collect();
    let all: Vec<String> =
        ports.iter().map(|(one, (port, _))| format!("{one}=127.0.0.1:{port}")).collect();
    let all = all.join(",");
    let config = scratch.path().join("gateway.yaml");
    fs::write(&config, "maintenance: off\n").unwrap();
    let begin = |one: &str| {
        let data = scratch.path().join("data").join(one);
        fs::create_dir_all(&data).unwrap();
        let mut command = command(one, &data, ports[one], &all);
        if one == "api-gateway" {
            command.env("GAMEDAY_SHOP_CONFIG", &config);
        }
        start(command, one, ports[one])
    };
    let mut parts: BTreeMap<&str, Part> = services.iter().map(|one| (*one, begin(one))).collect();
    for (name, part) in &parts {
        is_ready(part, true);
        assert_eq!(get(part.metrics, "/healthz").unwrap().0, 200, "{name}");
        let (_, metrics) = get(part.metrics, "/metrics").unwrap();
        assert!(metrics.contains("# TYPE"), "{name}: {metrics}");
    }
    let gateway = parts["api-gateway"].port;
    until("a page", || get(gateway, "/").filter(|(status, _)| *status == 200));
    let body = r#"{"user":7,"product":12,"quantity":1}"#;
    let buy = || {
        let head = "host: shop\r\ncookie: session=7\r\nconnection: close";
        let kind = format!("content-type: application/json\r\ncontent-length: {}", body.len());
        ask(gateway, &format!("POST /checkout HTTP/1.1\r\n{head}\r\n{kind}\r\n\r\n{body}"))
    };
    let bought = until("a purchase", || buy().filter(|(status, _)| *status < 300));
    assert!(bought.1.contains("order") || bought.0 == 201, "{bought:?}");
    // Without the database orders wait in the queue; with its data again they are as before.
    let stopped = parts.remove("database-primary").unwrap();
    let pid = rustix::process::Pid::from_child(&stopped.child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let mut stopped = stopped;
    assert!(stopped.child.wait().unwrap().success(), "it ends when it is asked to");
    until("an order that waits", || buy().filter(|(status, _)| *status == 202));
    parts.insert("database-primary", begin("database-primary"));
    until("a purchase again", || buy().filter(|(status, _)| *status < 300));
    // The file is read while the pod runs.
    fs::write(&config, "maintenance: on\n").unwrap();
    until("maintenance", || get(gateway, "/").filter(|(status, _)| *status == 503));
    let (status, _) = get(gateway, "/readyz").unwrap();
    assert_eq!(status, 503);
}

/// A ConfigMap as a node mounts it: links to files in a folder that is exchanged as a whole.
fn mount(at: &Path, data: &Labels, round: u32) {
    let folder = at.join(format!("..{round}"));
    fs::create_dir_all(&folder).unwrap();
    for (key, value) in data {
        fs::write(folder.join(key), value).unwrap();
    }
    let next = at.join("..data_tmp");
    symlink(folder.file_name().unwrap(), &next).unwrap();
    fs::rename(next, at.join("..data")).unwrap();
    for key in data.keys().filter(|key| !at.join(key).is_symlink()) {
        symlink(Path::new("..data").join(key), at.join(key)).unwrap();
    }
}

#[test]
fn what_the_shipped_game_day_sets_is_felt_by_whom_it_selects() {
    let shop = shop();
    let (_, text) = BUILT_IN.iter().find(|(name, _)| *name == "configuration-change").unwrap();
    let plan = inspect(text, "configuration-change.yaml").0.unwrap();
    let mut felt = Vec::new();
    for (_, planned) in plan.injections() {
        let Fault::ConfigurationChange { source, set } = &planned.experiment.fault else {
            panic!("{}", planned.name);
        };
        let behind: Vec<_> = shop.behind(&planned.experiment.selector).collect();
        let [workload] = behind[..] else { panic!("{}: hits several workloads", planned.name) };
        let scratch = tempfile::tempdir().unwrap();
        let config = scratch.path().join("config");
        let before = workload.settings(&shop);
        mount(&config, &before, 1);
        let begin = |set: Option<&Labels>| {
            let ports = (free_port(), free_port());
            // Whom it calls need not answer.
            let upstreams = format!("backend-service=127.0.0.1:{}", free_port());
            let mut command = command("web-app", scratch.path(), ports, &upstreams);
            command.env("GAMEDAY_SHOP_CONFIG", &config).envs(set.into_iter().flatten());
            start(command, "web-app", ports)
        };
        match source {
            ConfigurationSource::File => {
                let part = begin(None);
                is_ready(&part, true);
                let mut changed = before.clone();
                changed.extend(set.clone());
                mount(&config, &changed, 2);
                is_ready(&part, false);
                mount(&config, &before, 3);
                is_ready(&part, true);
            }
            ConfigurationSource::Environment => {
                is_ready(&begin(Some(set)), false);
                is_ready(&begin(None), true);
            }
        }
        felt.push(*source);
    }
    assert_eq!(felt, [ConfigurationSource::File, ConfigurationSource::Environment]);
}

#[tokio::test]
async fn the_identity_provider_goes_by_the_bindings_of_the_cluster() {
    let stage = Stage::shop().await;
    let namespace = &stage.namespace;
    for mut object in documents(&folder().join("accounts.yaml")) {
        object["metadata"]["namespace"] = namespace.as_str().into();
        for subject in object["subjects"].as_array_mut().into_iter().flatten() {
            subject["namespace"] = namespace.as_str().into();
        }
        stage.apply(object).await;
    }
    let scratch = tempfile::tempdir().unwrap();
    let ports = (free_port(), free_port());
    let user = format!("system:serviceaccount:{namespace}:oauth-provider");
    let mut command = command("oauth-provider", scratch.path(), ports, "");
    command.env("KUBECONFIG", stage.kubeconfig_as(&user, &["system:authenticated"]));
    command.env("GAMEDAY_SHOP_PERMISSIONS", "rbac");
    let part = start(command, "oauth-provider", ports);
    let holds = async |held: &[&str]| {
        let wanted = serde_json::json!({ "accounts": { "app-service-account": held } });
        stage
            .until(&format!("{held:?} is the policy"), async || {
                let answer = get(part.port, "/policy");
                let body = answer.filter(|(status, _)| *status == 200);
                body.is_some_and(|(_, text)| text.ends_with(&wanted.to_string()))
            })
            .await;
    };
    holds(&["orders:create", "products:read"]).await;
    let loses = Fault::RbacMutation {
        account: "app-service-account".to_owned(),
        permissions: vec!["app-service-account".to_owned()],
    };
    let changes = prepared(&stage, loses, "web-app").await.unwrap();
    applied(&stage, &changes).await.unwrap();
    holds(&[]).await;
    reverted(&stage, &changes).await.unwrap();
    holds(&["orders:create", "products:read"]).await;
    drop(part);
    stage.close().await;
}

#[test]
fn what_makes_no_sense_is_refused_at_once() {
    for (args, why) in [
        (vec!["shop", "web-ap"], "is no part of the shop"),
        (vec!["shop", "web-app", "--upstream", "x=y:1"], "no service \"x\""),
    ] {
        let done = Command::new(env!("CARGO_BIN_EXE_gameday")).args(args).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!done.status.success() && said.contains(why), "{said}");
    }
}
