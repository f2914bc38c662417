//! Questions to an API server as they are: method, path, body; status and body.

use http::{Method, Request};
use http_body_util::BodyExt;
use kube::client::Body;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::{Value, json};

use crate::fake::Server;
use crate::stage::{Stage, needs_fake};

/// A server and a namespace of our own.
pub struct Ask {
    /// None: somebody else at the same.
    stage: Option<Stage>,
    pub client: Client,
    pub namespace: String,
    user: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub struct Told {
    pub code: u16,
    pub body: Value,
    pub warnings: Vec<String>,
    pub retry_after: Option<String>,
}

impl Told {
    /// Fails unless the code is this.
    #[track_caller]
    pub fn is(self, code: u16) -> Self {
        assert_eq!(self.code, code, "{:#}", self.body);
        self
    }

    /// Fails unless it is a refusal of such a code and reason.
    #[track_caller]
    pub fn refused(self, code: u16, reason: &str) -> Self {
        let told = self.is(code);
        assert_eq!(told.body["kind"], "Status", "{:#}", told.body);
        assert_eq!(told.body["status"], "Failure", "{:#}", told.body);
        assert_eq!(told.body["code"], code, "{:#}", told.body);
        assert_eq!(told.body["reason"], reason, "{:#}", told.body);
        told
    }

    /// Fails unless the message holds this.
    #[track_caller]
    pub fn says(self, part: &str) -> Self {
        let message = self.body["message"].as_str().unwrap_or_default();
        assert!(message.contains(part), "{message:?} does not say {part:?}");
        self
    }

    pub fn version(&self) -> &str {
        self.body["metadata"]["resourceVersion"].as_str().unwrap()
    }

    pub fn uid(&self) -> &str {
        self.body["metadata"]["uid"].as_str().unwrap()
    }

    pub fn generation(&self) -> u64 {
        self.body["metadata"]["generation"].as_u64().unwrap()
    }
}

impl Ask {
    /// At a stage of our own: the real server when there is one, else that in this process.
    pub async fn new() -> Self {
        let stage = Stage::new().await;
        let config = match stage.fake() {
            Some(server) => Kubeconfig::from_yaml(&server.kubeconfig()).unwrap(),
            None => Kubeconfig::read().unwrap(),
        };
        let options = KubeConfigOptions::default();
        let mut config = Config::from_custom_kubeconfig(config, &options).await.unwrap();
        // A refusal is what is asked for.
        config.default_retry = false;
        let client = Client::try_from(config).unwrap();
        let ask =
            Self { namespace: stage.namespace.clone(), stage: Some(stage), client, user: None };
        // Where no controller makes the account that every pod needs.
        ask.post(&ask.at("serviceaccounts"), &json!({"metadata": {"name": "default"}})).await;
        ask
    }

    /// The server in this process; on a real one the test says loudly that it is not done.
    pub fn fake(&self, what: &str) -> Option<&Server> {
        let stage = self.stage.as_ref()?;
        if needs_fake(stage, what) { stage.fake() } else { None }
    }

    pub fn is_fake(&self) -> bool {
        self.stage.as_ref().is_some_and(|stage| !stage.is_real())
    }

    /// Somebody else, at the same server.
    pub fn acting_as(&self, user: &str) -> Self {
        Self {
            stage: None,
            client: self.client.clone(),
            namespace: self.namespace.clone(),
            user: Some(user.to_owned()),
        }
    }

    /// The path of a core resource in the namespace.
    pub fn at(&self, rest: &str) -> String {
        format!("/api/v1/namespaces/{}/{rest}", self.namespace)
    }

    /// The path of another group's resource in the namespace.
    pub fn of(&self, group: &str, rest: &str) -> String {
        format!("/apis/{group}/namespaces/{}/{rest}", self.namespace)
    }

    pub async fn send(&self, method: Method, path: &str, media_type: &str, body: String) -> Told {
        let mut request = Request::builder().method(method).uri(path);
        if !body.is_empty() {
            request = request.header("content-type", media_type);
        }
        if let Some(user) = &self.user {
            request = request.header("impersonate-user", user);
        }
        let request = request.body(Body::from(body.into_bytes())).unwrap();
        let response = self.client.send(request).await.unwrap();
        let code = response.status().as_u16();
        let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
        let warnings = response.headers().get_all("warning").iter().map(text).collect();
        let retry_after = response.headers().get("retry-after").map(text);
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Told { code, body, warnings, retry_after }
    }

    async fn json(&self, method: Method, path: &str, body: &Value) -> Told {
        self.send(method, path, "application/json", body.to_string()).await
    }

    pub async fn get(&self, path: &str) -> Told {
        self.send(Method::GET, path, "", String::new()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Told {
        self.json(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Told {
        self.json(Method::PUT, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Told {
        self.send(Method::DELETE, path, "", String::new()).await
    }

    pub async fn delete_with(&self, path: &str, options: &Value) -> Told {
        self.json(Method::DELETE, path, options).await
    }

    /// `merge`, `json`, `strategic`, `apply`.
    pub async fn patch(&self, form: &str, path: &str, body: &Value) -> Told {
        let media_type = match form {
            "merge" => "application/merge-patch+json",
            "json" => "application/json-patch+json",
            "strategic" => "application/strategic-merge-patch+json",
            _ => "application/apply-patch+yaml",
        };
        self.send(Method::PATCH, path, media_type, body.to_string()).await
    }

    /// In another namespace, where nothing is played. Only on the server in this process.
    pub async fn within(&self, namespace: &str) -> Self {
        let made = json!({"metadata": {"name": namespace}});
        self.post("/api/v1/namespaces", &made).await.is(201);
        Self {
            stage: None,
            client: self.client.clone(),
            namespace: namespace.to_owned(),
            user: self.user.clone(),
        }
    }

    /// Whether the controllers of a cluster are here: a real API server may stand alone.
    pub async fn has_controllers(&self) -> bool {
        let leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
        let lease = format!("{leases}/kube-controller-manager");
        let has = self.is_fake() || self.get(&lease).await.code == 200;
        if !has {
            eprintln!("LOUD: skipped: there is no controller manager behind this API server");
        }
        has
    }

    /// Whether a custom resource is served here.
    pub async fn serves(&self, group: &str) -> bool {
        let has = self.get(&format!("/apis/{group}")).await.code == 200;
        if !has {
            eprintln!("LOUD: skipped: {group} is not served here");
        }
        has
    }

    /// Asks until the answer is as wanted.
    pub async fn until(&self, path: &str, wanted: impl Fn(&Told) -> bool) -> Told {
        for _ in 0..600 {
            let told = self.get(path).await;
            if wanted(&told) {
                return told;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("waited in vain at {path}");
    }

    /// Takes away what was made.
    pub async fn close(self) {
        if let Some(stage) = self.stage {
            stage.close().await;
        }
    }
}

/// A pod that no kubelet will ever find.
pub fn pod(name: &str) -> Value {
    json!({
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {
            "nodeName": "gd-no-such-node", "automountServiceAccountToken": false,
            "containers": [{"name": "app", "image": "registry.k8s.io/pause:3.9"}],
        },
    })
}

/// A deployment that no pods are wanted of.
pub fn deployment(name: &str) -> Value {
    json!({
        "metadata": {"name": name},
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [
                    {"name": "app", "image": "registry.k8s.io/pause:3.9", "env": [{"name": "A", "value": "a"}, {"name": "B", "value": "b"}]},
                    {"name": "side", "image": "registry.k8s.io/pause:3.9"},
                ]},
            },
        },
    })
}

/// A configmap with one entry.
pub fn config(name: &str, value: &str) -> Value {
    json!({"metadata": {"name": name}, "data": {"a": value}})
}
