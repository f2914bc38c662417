//! Arguments of one part of the shop in a container, as typed or from its environment. Not what they mean.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::run::Shop;
use crate::kubernetes::review::Bindings;
use crate::lab::pod::container::Container;
use crate::port::permissions::Permissions;

/// Who holds what the service account may do.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Holder {
    /// The identity provider
    Own,
    /// RoleBindings of the cluster
    Rbac,
}

/// Which part of the shop, and where it finds the others.
#[derive(Debug, Args)]
pub(in crate::cli) struct Part {
    /// api-gateway, web-app, backend-service, cache-service, database-primary, database-replica, oauth-provider or message-queue
    #[arg(env = "GAMEDAY_SHOP_SERVICE")]
    service: String,
    /// The name of the pod
    #[arg(long, env = "GAMEDAY_SHOP_POD", default_value = "shop")]
    name: String,
    /// The folder with everything it keeps
    #[arg(long, value_name = "FOLDER", env = "GAMEDAY_SHOP_DATA", default_value = "/data")]
    data: PathBuf,
    /// Its configuration file, or a folder with a file for each setting; read again when it changes
    #[arg(long, value_name = "PATH", env = "GAMEDAY_SHOP_CONFIG")]
    config: Option<PathBuf>,
    /// A folder with tls.crt and tls.key (and ca.crt), looked at again and again
    #[arg(long, value_name = "FOLDER", env = "GAMEDAY_SHOP_TLS")]
    tls: Option<PathBuf>,
    /// Where it listens
    #[arg(long, value_name = "IP", env = "GAMEDAY_SHOP_LISTEN", default_value = "0.0.0.0")]
    listen: IpAddr,
    /// On which port
    #[arg(long, env = "GAMEDAY_SHOP_PORT", default_value_t = 8080)]
    port: u16,
    /// On which port it answers /healthz, /readyz and /metrics, where it does not speak HTTP on the other
    #[arg(long, env = "GAMEDAY_SHOP_METRICS_PORT", default_value_t = 8081)]
    metrics_port: u16,
    /// On which port it speaks TLS
    #[arg(long, env = "GAMEDAY_SHOP_SECURE_PORT", default_value_t = 8443)]
    secure_port: u16,
    /// Where a service is, instead of under its own name on the same port
    #[arg(
        long = "upstream",
        value_name = "SERVICE=HOST:PORT",
        env = "GAMEDAY_SHOP_UPSTREAMS",
        value_delimiter = ',',
        value_parser = pair
    )]
    upstreams: Vec<(String, String)>,
    /// Who holds what the service account may do (oauth-provider)
    #[arg(long, value_enum, value_name = "WHO", env = "GAMEDAY_SHOP_PERMISSIONS", default_value_t = Holder::Own)]
    permissions: Holder,
    /// Its defences
    #[arg(long, value_enum, value_name = "KIND", env = "GAMEDAY_SHOP_DEFENCES", default_value_t = Shop::Resilient)]
    defences: Shop,
}

impl Part {
    /// Who is asked for what the service account may do; `None`: nobody else.
    pub(in crate::cli) fn permissions(&self) -> Option<Box<dyn Permissions>> {
        match self.permissions {
            Holder::Own => None,
            Holder::Rbac => Some(Box::new(Bindings::default())),
        }
    }

    /// What the container is told.
    pub(in crate::cli) fn container(self) -> Container {
        Container {
            service: self.service,
            name: self.name,
            data: self.data,
            config: self.config,
            tls: self.tls,
            listen: self.listen,
            port: self.port,
            metrics_port: self.metrics_port,
            secure_port: self.secure_port,
            upstreams: BTreeMap::from_iter(self.upstreams),
            defences: self.defences.into(),
        }
    }
}

fn pair(typed: &str) -> Result<(String, String), String> {
    let (service, address) = typed.split_once('=').ok_or("write web-app=127.0.0.1:8080")?;
    Ok((service.to_owned(), address.to_owned()))
}
