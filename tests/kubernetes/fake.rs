//! A Kubernetes API server in this process, for tests: it stores, checks, watches and refuses as a real one does, over TLS, for
//! users with bearer tokens. It runs no pods, and Chaos Mesh is not in it: controllers are clients (see `player`).
//!
//! `Server` is what tests hold. `listen` and `tls` are the way in, `handle` judges a request, and the verbs are in `create`,
//! `change`, `patch`, `remove`, `reads`, `watching` and `subs`. `state` is the storage; `controllers` collect garbage.
#![allow(dead_code, reason = "a test uses what it needs")]

mod admission;
mod builtin;
mod call;
mod change;
mod controllers;
mod crds;
mod create;
mod defaults;
mod discovery;
mod escalation;
mod failure;
mod faults;
mod fields;
mod handle;
mod holders;
mod kinds;
mod listen;
mod lists;
mod patch;
mod reads;
mod remove;
mod request;
mod reviews;
mod rights;
mod rules;
mod schema;
mod select;
mod shape;
mod shared;
mod state;
mod strategic;
mod subs;
mod time;
pub mod tls;
mod users;
mod watching;

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::runtime::{Handle, Runtime};
use tokio_rustls::TlsAcceptor;

#[allow(unused_imports, reason = "a test uses what it needs")]
pub use {
    crds::with_schemas,
    faults::{Fault, How},
    state::Asked,
};

use super::port::Port;
use listen::Listening;
use shared::Shared;
use state::{Key, State};
use users::User;

/// The token of who may do everything.
const ADMIN: &str = "admin-token";

/// An API server. It ends when it is dropped.
pub struct Server {
    shared: Arc<Shared>,
    tls: TlsAcceptor,
    authority: String,
    port: Port,
    listening: Mutex<Option<Listening>>,
    /// Its own threads: a test may block, or be another program.
    runtime: Option<Runtime>,
}

impl Server {
    /// Starts one at a free port of 127.0.0.1.
    pub async fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let handle = runtime.handle().clone();
        let port = Port::new();
        let address = port.address;
        let (shared, tls, authority, listening) = handle
            .spawn(async move {
                let shared = Arc::new(Shared::new(State::new()));
                let (tls, authority) = tls::new();
                let listening = Listening::at(address, tls.clone(), Arc::clone(&shared)).await;
                tokio::spawn(controllers::run(Arc::clone(&shared)));
                (shared, tls, authority, listening)
            })
            .await
            .unwrap();
        let server = Self {
            shared,
            tls,
            authority,
            port,
            listening: Mutex::new(Some(listening)),
            runtime: Some(runtime),
        };
        let admin = User::new("kubernetes-admin", &["system:masters"]);
        server.shared.state().users.add(ADMIN, admin);
        server
    }

    /// `https://127.0.0.1:…`
    pub fn url(&self) -> String {
        format!("https://{}", self.port.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.port.address
    }

    /// The certificate to trust, PEM.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The token of who may do everything.
    pub fn admin_token(&self) -> &'static str {
        ADMIN
    }

    /// A user without any rights of their own: roles and bindings in storage give them. `system:serviceaccount:ns:name` is one, too.
    pub fn user(&self, name: &str, groups: &[&str]) -> String {
        let token = format!("token-of-{}", name.replace(':', "-"));
        self.shared.state().users.add(&token, User::new(name, groups));
        token
    }

    /// A token is good no longer.
    pub fn revoke(&self, token: &str) {
        self.shared.state().users.remove(token);
    }

    /// A kubeconfig for who may do everything.
    pub fn kubeconfig(&self) -> String {
        self.kubeconfig_for(ADMIN, &self.url(), "default")
    }

    /// A kubeconfig for a token, by an address (a proxy's perhaps), in a namespace.
    pub fn kubeconfig_for(&self, token: &str, url: &str, namespace: &str) -> String {
        let authority = STANDARD.encode(&self.authority);
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: fake\n\
             clusters:\n- name: fake\n  cluster:\n    server: {url}\n    certificate-authority-data: {authority}\n\
             users:\n- name: user\n  user:\n    token: {token}\n\
             contexts:\n- name: fake\n  context:\n    cluster: fake\n    user: user\n    namespace: {namespace}\n"
        )
    }

    /// Forgets every change so far: watches that are open or come from before get 410.
    pub fn compact(&self) {
        self.shared.change(State::compact);
    }

    /// Whether a watch from a forgotten version is answered with the status 410, and not with an event that says so.
    pub fn expire_by_status(&self, by_status: bool) {
        self.shared.by_status.store(by_status, Ordering::Relaxed);
    }

    /// Ends every watch, as a server does from time to time.
    pub fn drop_watches(&self) {
        self.shared.cut.send_replace(());
    }

    /// Cuts every connection.
    pub fn drop_connections(&self) {
        if let Some(listening) = &*self.listening.lock().unwrap() {
            listening.cut();
        }
    }

    /// Whether a watch may begin with what is there (`sendInitialEvents`); older servers refuse that, and so does this one at first.
    pub fn streaming_lists(&self, may: bool) {
        self.shared.streams.store(may, Ordering::Relaxed);
    }

    /// Refuses every create and update of a kind (`PodChaos`), as a webhook does.
    pub fn refuse(&self, kind: &str, message: &str) {
        self.shared.state().rules.refuse(kind, message);
    }

    /// Refuses it no longer.
    pub fn allow(&self, kind: &str) {
        self.shared.state().rules.allow(kind);
    }

    /// Adds a webhook: it sees `CREATE` or `UPDATE` and the object, may change it, and may refuse it.
    pub fn hook(
        &self,
        hook: impl Fn(&str, &mut Value) -> Result<(), String> + Send + Sync + 'static,
    ) {
        self.shared.state().rules.hook(Arc::new(hook));
    }

    /// Whether the webhooks of a group cannot be reached: creates and updates then fail, deletes do not.
    pub fn break_webhooks(&self, group: &str, broken: bool) {
        self.shared.state().rules.broken(group, broken);
    }

    /// Something goes wrong from now on.
    pub fn fault(&self, fault: Fault) {
        self.shared.state().faults.push(fault);
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        self.shared.state().faults.clear();
    }

    /// Every request for a resource so far, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.state().asked.clone()
    }

    /// Forgets the requests so far.
    pub fn forget_asked(&self) {
        self.shared.state().asked.clear();
    }

    /// An object in storage, past every door: `peek("podchaos.chaos-mesh.org", "shop", "x")`.
    pub fn peek(&self, resource: &str, namespace: &str, name: &str) -> Option<Value> {
        let state = self.shared.state();
        state.get(&Key::new(resource, namespace, name)).map(|object| Value::clone(object))
    }

    /// Stops: connections are cut, new ones refused; what is stored stays.
    pub async fn stop(&self) {
        let listening = self.listening.lock().unwrap().take();
        if let Some(listening) = listening {
            self.shared.cut.send_replace(());
            self.handle().spawn(listening.end()).await.unwrap();
        }
    }

    /// Starts again, at the same port.
    pub async fn resume(&self) {
        let (tls, shared) = (self.tls.clone(), Arc::clone(&self.shared));
        let starting = Listening::at(self.port.address, tls, shared);
        let listening = self.handle().spawn(starting).await.unwrap();
        *self.listening.lock().unwrap() = Some(listening);
    }

    /// Stops and starts again.
    pub async fn restart(&self) {
        self.stop().await;
        self.resume().await;
    }

    fn handle(&self) -> Handle {
        self.runtime.as_ref().unwrap().handle().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
