//! The way to an API server, as `kubectl` finds it: `KUBECONFIG`, `~/.kube/config`, or the account of the pod that this runs in;
//! certificates, tokens and programs that fetch them.

mod patience;

use std::time::Duration;

use http::Request;
use kube::client::{Body, ClientBuilder};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use tower::buffer::BufferLayer;
use tower::retry::RetryLayer;

use self::patience::{Bound, Patience};
use super::trouble::trouble;
use crate::gameday::text::printable;
use crate::port::target::TargetError;

/// The name of the way from inside a cluster.
pub const IN_CLUSTER: &str = "in-cluster";

/// A server that is there takes no longer to be connected with.
const CONNECT: Duration = Duration::from_secs(5);

/// Nor to take what is sent to it.
const WRITE: Duration = Duration::from_secs(10);

/// So many requests may wait for each other.
const WAITING: usize = 1_024;

/// A way to an API server.
#[derive(Clone)]
pub struct Connection {
    /// Asks it.
    pub client: Client,
    /// The context that it was found by.
    pub context: String,
    /// The server's address.
    pub server: String,
    /// Where the target's pods are.
    pub namespace: String,
}

/// A way that was found and not yet gone: where it leads can be looked at before, and it leads there whatever becomes of the
/// kubeconfig meanwhile.
pub struct Way {
    config: Config,
    /// The context that it was found by.
    pub context: String,
    /// Where the target's pods are.
    pub namespace: String,
}

impl Way {
    /// Finds the way; nobody is asked. `context` and `namespace` stand for those of the kubeconfig.
    ///
    /// # Errors
    /// When there is no kubeconfig and this is no pod, or no such context; for people.
    pub async fn find(context: Option<&str>, namespace: Option<&str>) -> Result<Self, TargetError> {
        let (config, context) = configuration(context).await?;
        let namespace = namespace.map_or_else(|| config.default_namespace.clone(), str::to_owned);
        Ok(Self { config, context, namespace })
    }

    /// Goes it; nothing is asked yet.
    ///
    /// # Errors
    /// When certificates or credentials cannot be used; for people.
    pub fn connect(self) -> Result<Connection, TargetError> {
        let Self { config, context, namespace } = self;
        let server = config.cluster_url.to_string();
        let client = client(config).map_err(|error| trouble("connect", &error))?;
        Ok(Connection { client, context, server, namespace })
    }
}

/// Finds the way and goes it; nothing is asked yet. `context` and `namespace` stand for those of the kubeconfig.
///
/// # Errors
/// When there is no kubeconfig and this is no pod, or no such context; for people.
pub async fn connect(
    context: Option<&str>,
    namespace: Option<&str>,
) -> Result<Connection, TargetError> {
    Way::find(context, namespace).await?.connect()
}

/// A client that asks again what may be asked again, and does not wait for a server that says nothing.
///
/// # Errors
/// When certificates or credentials of the configuration cannot be used.
pub fn client(mut config: Config) -> kube::Result<Client> {
    config.connect_timeout = Some(CONNECT);
    config.write_timeout = Some(WRITE);
    // Time without a word is bounded per request, since watches may be silent for minutes.
    config.read_timeout = None;
    // The client's own way of asking again would repeat an eviction that a disruption budget refused, and goes on for minutes.
    config.default_retry = false;
    let built = ClientBuilder::try_from(config)?
        .with_layer(&tower::layer::layer_fn(Bound::new))
        .with_layer(&BufferLayer::<Request<Body>>::new(WAITING))
        .with_layer(&RetryLayer::new(Patience::new()));
    Ok(built.build())
}

async fn configuration(context: Option<&str>) -> Result<(Config, String), TargetError> {
    let kubeconfig = match Kubeconfig::read() {
        Ok(kubeconfig) => kubeconfig,
        Err(unread) => {
            return match (context, Config::incluster()) {
                (None, Ok(config)) => Ok((config, IN_CLUSTER.to_owned())),
                _ => Err(TargetError(format!(
                    "no kubeconfig can be read ({}), and this is no pod of a cluster: set KUBECONFIG, or write ~/.kube/config",
                    printable(&unread.to_string(), 300)
                ))),
            };
        }
    };
    let known: Vec<String> =
        kubeconfig.contexts.iter().map(|one| printable(&one.name, 60)).collect();
    let Some(name) = context.map(str::to_owned).or_else(|| kubeconfig.current_context.clone())
    else {
        return Err(TargetError(format!(
            "the kubeconfig names no current context; name one of: {}",
            known.join(", ")
        )));
    };
    let options = KubeConfigOptions { context: Some(name.clone()), cluster: None, user: None };
    let config = Config::from_custom_kubeconfig(kubeconfig, &options).await.map_err(|error| {
        TargetError(format!(
            "context {}: {}; contexts here: {}",
            printable(&name, 60),
            printable(&error.to_string(), 300),
            known.join(", ")
        ))
    })?;
    Ok((config, name))
}
