//! Where a test plays: a server, fake or real, a namespace of its own, the player of what the server lacks, and a way there through
//! the proxy. `close` takes everything away and looks whether the program under test left anything.

mod broom;
mod found;
pub mod shop;
mod world;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use gameday::kubernetes::connect::Connection;
use kube::api::{Api, DynamicObject, Patch, PatchParams};
use kube::config::{AuthInfo, KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::fake;
use super::player::behaviour::Behaviour;
use super::player::cluster::{self, Cluster, DEPLOYMENT, Kind, POD, STATEFUL_SET, letters};
use super::player::{Player, Roles};
use super::proxy::Proxy;
use super::proxy::trouble::Trouble;
use found::{Found, Mesh};

/// A condition that does not come true in so long will not. A real cluster pulls images.
const PATIENCE: Duration = Duration::from_secs(90);
const PATIENCE_REAL: Duration = Duration::from_secs(240);

/// A place to play.
pub struct Stage {
    /// The namespace of this stage alone.
    pub namespace: String,
    client: Client,
    connection: Connection,
    proxy: Proxy,
    player: Player,
    kubeconfig: PathBuf,
    folder: TempDir,
    server: Option<fake::Server>,
    found: Found,
    open: bool,
}

impl Stage {
    /// A server and an empty namespace.
    pub async fn new() -> Self {
        let (server, config) = if is_real() {
            (None, configuration(Kubeconfig::read().unwrap()).await)
        } else {
            let server = fake::Server::start().await;
            let config = configuration(Kubeconfig::from_yaml(&server.kubeconfig()).unwrap()).await;
            (Some(server), config)
        };
        // What the server refuses is handed on as it is, and not asked again on the way.
        let mut direct = config.clone();
        direct.default_retry = false;
        let mut nobody = direct.clone();
        nobody.auth_info = AuthInfo::default();
        let nobody = Client::try_from(nobody).unwrap();
        let direct = Client::try_from(direct).unwrap();
        let client = Client::try_from(config).unwrap();
        if server.is_some() {
            world::furnish(&client).await;
        }
        let namespace = format!("gd-e2e-{}", letters(cluster::chance(), 8));
        world::namespace(&client, &namespace).await;
        let found = Found::look(&client, &namespace, server.is_some()).await;
        let roles = Roles {
            parts: found.parts,
            chaos_mesh: found.mesh == Mesh::Played,
            k6: found.k6 == Mesh::Played,
        };
        let player = Player::start(client.clone(), &namespace, roles).await;
        let proxy = Proxy::start(direct, nobody).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kubeconfig");
        std::fs::write(&path, kubeconfig(&proxy, &namespace, &json!({})).to_string()).unwrap();
        let connection = connect(&path).await;
        Self {
            namespace,
            client,
            connection,
            proxy,
            player,
            kubeconfig: path,
            folder,
            server,
            found,
            open: true,
        }
    }

    /// With the shop, every pod ready and every service served.
    pub async fn shop() -> Self {
        let stage = Self::new().await;
        for object in shop::objects(&stage.namespace) {
            stage.apply(object).await;
        }
        stage.all_available().await;
        stage
    }

    /// Straight to the server, past the proxy: for what the test itself does and looks at.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// As the program connects: through the proxy.
    pub fn connection(&self) -> Connection {
        self.connection.clone()
    }

    /// A file that leads through the proxy.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// A file that leads through the proxy, as somebody else.
    pub fn kubeconfig_as(&self, user: &str, groups: &[&str]) -> PathBuf {
        let path = self.folder.path().join(format!("kubeconfig-{}", user.replace([':', '/'], "-")));
        let user = match &self.server {
            Some(server) => json!({"token": server.user(user, groups)}),
            None => json!({"as": user, "as-groups": groups}),
        };
        std::fs::write(&path, kubeconfig(&self.proxy, &self.namespace, &user).to_string()).unwrap();
        path
    }

    /// A folder of this stage alone, for what the program writes.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What goes wrong on the way to the server.
    pub fn trouble(&self) -> Arc<Trouble> {
        self.proxy.trouble.clone()
    }

    /// What goes wrong in the played part of the cluster.
    pub fn behaviour(&self) -> Arc<Behaviour> {
        self.player.behaviour.clone()
    }

    /// The server in this process, if it is one.
    pub fn fake(&self) -> Option<&fake::Server> {
        self.server.as_ref()
    }

    /// The manager of Chaos Mesh is down: nothing moves, and its webhooks refuse all but deletions. Only on the server of the tests.
    pub fn manager_down(&self, down: bool) {
        let server = self.fake().expect("webhooks fail only on the server of the tests");
        if down {
            self.behaviour().manager(true);
            server.break_webhooks("chaos-mesh.org", true);
        } else {
            server.break_webhooks("chaos-mesh.org", false);
            self.behaviour().manager(false);
        }
    }

    /// What the Deployment of Chaos Mesh's manager says of itself, for whoever looks. Only on the server of the tests.
    pub async fn manager_ready(&self, ready: bool) {
        assert!(!self.is_real(), "somebody's Chaos Mesh is left alone");
        let mesh = Cluster { client: self.client(), namespace: world::MESH.to_owned() };
        let manager = mesh.get(DEPLOYMENT, world::MANAGER).await.unwrap().unwrap();
        let count = i32::from(ready);
        let status = json!({"readyReplicas": count, "availableReplicas": count});
        mesh.say(DEPLOYMENT, &manager, status).await.unwrap();
    }

    /// Whether this is somebody's server, where only our own namespace may be touched.
    pub fn is_real(&self) -> bool {
        self.server.is_none()
    }

    /// Whether experiments do something here: played, or in earnest.
    pub fn has_chaos_mesh(&self) -> bool {
        self.found.mesh != Mesh::Missing
    }

    /// Whether TestRuns do something here.
    pub fn has_k6(&self) -> bool {
        self.found.k6 != Mesh::Missing
    }

    /// Whether Chaos Mesh is played, so that a test may choose what goes wrong in it.
    pub fn plays_chaos_mesh(&self) -> bool {
        self.found.mesh == Mesh::Played
    }

    /// Whether pods are played, so that a test may choose which are ready, or end.
    pub fn plays_pods(&self) -> bool {
        self.found.parts.kubelets
    }

    /// Whether there are nodes in more than one zone.
    pub fn has_zones(&self) -> bool {
        self.found.zones > 1
    }

    /// The calls of the player, in this namespace.
    pub fn cluster(&self) -> Cluster {
        Cluster { client: self.client(), namespace: self.namespace.clone() }
    }

    /// Server-side apply of any object into the namespace, as `kubectl apply --server-side` does.
    pub async fn apply(&self, mut object: Value) -> DynamicObject {
        let namespace = self.namespace.clone();
        object["metadata"]["namespace"] = namespace.clone().into();
        let resource = broom::resource_of(&object);
        let api: Api<DynamicObject> = Api::namespaced_with(self.client(), &namespace, &resource);
        let name = object["metadata"]["name"].as_str().unwrap().to_owned();
        let params = PatchParams::apply("kubectl").force();
        api.patch(&name, &params, &Patch::Apply(&object)).await.unwrap()
    }

    /// Waits until every Deployment and StatefulSet of the namespace has all its pods, ready, of the newest template, and no others.
    pub async fn all_available(&self) {
        let cluster = self.cluster();
        self.until("every set of pods is available", async || {
            let mut all = cluster.list(DEPLOYMENT).await.unwrap();
            all.extend(cluster.list(STATEFUL_SET).await.unwrap());
            let pods = cluster.list(POD).await.unwrap();
            all.iter().all(|one| available(one, &pods))
        })
        .await;
    }

    /// Waits for a condition.
    pub async fn until(&self, what: &str, check: impl AsyncFn() -> bool) {
        let patience = if self.is_real() { PATIENCE_REAL } else { PATIENCE };
        until(what, patience, check).await;
    }

    /// An object as it is now.
    pub async fn object(&self, kind: Kind, name: &str) -> Option<DynamicObject> {
        self.cluster().get(kind, name).await.unwrap()
    }

    /// Takes everything away. First it waits until the program has let go of everything; what it left is a failure.
    pub async fn close(self) {
        let left = broom::left_after(&self.client, &self.namespace, self.is_real()).await;
        self.discard().await;
        assert!(left.is_empty(), "left behind: {left:#?}");
    }

    /// Takes everything away, and does not ask what was left.
    pub async fn discard(mut self) {
        self.proxy.trouble.over();
        self.player.behaviour.well_again();
        if self.server.is_some() {
            self.manager_down(false);
        }
        broom::sweep(&self.client, &self.namespace, self.found.parts.garbage).await;
        self.open = false;
    }
}

/// A test that stops half-way leaves nothing on a real server either.
impl Drop for Stage {
    fn drop(&mut self) {
        if !self.open || !self.is_real() {
            return;
        }
        let namespace = self.namespace.clone();
        let played = self.found.parts.garbage;
        let sweeping = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                // A client belongs to the runtime in which it was made.
                let client = Client::try_default().await.unwrap();
                broom::sweep(&client, &namespace, played).await;
            });
        });
        if sweeping.join().is_err() {
            eprintln!("LOUD: namespace {} could not be removed", self.namespace);
        }
    }
}

/// Whether to go on: on a real server, what would touch more than our namespace does not, and says so.
#[must_use]
pub fn needs_fake(stage: &Stage, why: &str) -> bool {
    says(!stage.is_real(), "it needs the server of the tests", why)
}

/// Whether to go on: where Chaos Mesh is neither there nor can be played.
#[must_use]
pub fn needs_chaos_mesh(stage: &Stage, why: &str) -> bool {
    says(stage.has_chaos_mesh(), "there is no Chaos Mesh on this server", why)
}

/// Whether to go on: where a live Chaos Mesh cannot be told to fail.
#[must_use]
pub fn needs_played_mesh(stage: &Stage, why: &str) -> bool {
    says(stage.plays_chaos_mesh(), "a live Chaos Mesh does not fail on demand", why)
}

/// Whether to go on: where there is no k6 operator.
#[must_use]
pub fn needs_k6(stage: &Stage, why: &str) -> bool {
    says(stage.has_k6(), "there is no k6 operator on this server", why)
}

/// Whether to go on: where the server of the tests was given no schemas.
#[must_use]
pub fn needs_schemas(stage: &Stage, why: &str) -> bool {
    let known = stage.fake().is_none() || fake::with_schemas();
    says(known, "no schemas of custom resources (KUBE_CRDS)", why)
}

fn says(yes: bool, reason: &str, why: &str) -> bool {
    if !yes {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or_default().to_owned();
        eprintln!("LOUD: skipped: {test}: {reason}: {why}");
    }
    yes
}

/// Whether the tests are to run on a real server.
pub fn is_real() -> bool {
    std::env::var_os("KUBECONFIG").is_some()
        && std::env::var("GAMEDAY_E2E").is_ok_and(|one| one == "1")
}

/// Waits for a condition, not for a time.
pub async fn until(what: &str, patience: Duration, check: impl AsyncFn() -> bool) {
    let waiting = async {
        while !check().await {
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    };
    assert!(tokio::time::timeout(patience, waiting).await.is_ok(), "waited in vain: {what}");
}

/// Whether a Deployment or StatefulSet has rolled out, and its pods are as it says.
pub fn available(set: &DynamicObject, pods: &[DynamicObject]) -> bool {
    let spec = &set.data["spec"];
    let wanted = spec["replicas"].as_i64().unwrap_or(1);
    let status = &set.data["status"];
    let is = |field: &str, number: i64| status[field].as_i64().unwrap_or(0) == number;
    let own = pods.iter().filter(|pod| cluster::selects(&spec["selector"], pod));
    let (ready, others): (Vec<_>, Vec<_>) =
        own.partition(|pod| cluster::condition(pod, "Ready") && !cluster::deleting(pod));
    status["observedGeneration"].as_i64() >= set.metadata.generation
        && is("replicas", wanted)
        && is("updatedReplicas", wanted)
        && is("readyReplicas", wanted)
        && ready.len() as i64 == wanted
        && others.is_empty()
}

fn kubeconfig(proxy: &Proxy, namespace: &str, user: &Value) -> Value {
    let name = "gd-e2e";
    json!({
        "apiVersion": "v1", "kind": "Config", "current-context": name,
        "contexts": [{
            "name": name, "context": {"cluster": name, "user": name, "namespace": namespace},
        }],
        "clusters": [{"name": name, "cluster": {"server": format!("http://{}", proxy.address)}}],
        "users": [{"name": name, "user": user}],
    })
}

async fn configuration(kubeconfig: Kubeconfig) -> Config {
    let options = KubeConfigOptions::default();
    let mut config = Config::from_custom_kubeconfig(kubeconfig, &options).await.unwrap();
    // An eviction that a budget forbids is 429, too: tried again for minutes, it is never heard of.
    config.default_retry = false;
    config
}

async fn connect(path: &Path) -> Connection {
    let kubeconfig = Kubeconfig::read_from(path).unwrap();
    let context = kubeconfig.current_context.clone().unwrap();
    let config = configuration(kubeconfig).await;
    let namespace = config.default_namespace.clone();
    let server = config.cluster_url.to_string();
    Connection { client: Client::try_from(config).unwrap(), context, server, namespace }
}
