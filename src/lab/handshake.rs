//! One TLS handshake as a customer makes it: trusting the lab's authority and nothing else. Sends no request.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::Resumption;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::port::clock::Clock;

/// No handshake takes longer.
const LIMIT: Duration = Duration::from_secs(2);

/// Why a handshake failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The certificate has ended, as the time of who asks says.
    Expired,
    /// Something else.
    Other(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired => f.write_str("the certificate has expired"),
            Self::Other(why) => f.write_str(why),
        }
    }
}

impl Trouble {
    fn other(error: &impl ToString) -> Self {
        Self::Other(error.to_string())
    }
}

/// The time a handshake goes by.
pub(super) trait Now: Send + Sync {
    /// Milliseconds since 1970.
    fn wall_millis(&self) -> i64;
}

impl Now for Arc<dyn Clock> {
    fn wall_millis(&self) -> i64 {
        Clock::wall_millis(self.as_ref())
    }
}

struct At(Arc<dyn Now>);

impl fmt::Debug for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("At")
    }
}

impl TimeProvider for At {
    fn current_time(&self) -> Option<UnixTime> {
        let millis = u64::try_from(self.0.wall_millis()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_millis(millis)))
    }
}

/// Opens a connection to `address`, trusts `authority` (PEM), and closes it again.
pub(super) async fn handshake(
    address: SocketAddr,
    authority: &str,
    now: Arc<dyn Now>,
) -> Result<(), Trouble> {
    let connector = connector(authority, now)?;
    let name = ServerName::from(address.ip());
    let shake = async {
        let stream = TcpStream::connect(address).await.map_err(|error| Trouble::other(&error))?;
        connector.connect(name, stream).await.map_err(|error| {
            match error.get_ref().and_then(|inner| inner.downcast_ref()) {
                Some(rustls::Error::InvalidCertificate(
                    CertificateError::Expired | CertificateError::ExpiredContext { .. },
                )) => Trouble::Expired,
                _ => Trouble::other(&error),
            }
        })
    };
    match tokio::time::timeout(LIMIT, shake).await {
        Ok(done) => done.map(drop),
        Err(_) => Err(Trouble::Other(format!("no handshake within {} s", LIMIT.as_secs()))),
    }
}

fn connector(authority: &str, now: Arc<dyn Now>) -> Result<TlsConnector, Trouble> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(authority.as_bytes()) {
        let certificate = certificate.map_err(|error| Trouble::other(&error))?;
        roots.add(certificate).map_err(|error| Trouble::other(&error))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_details(provider, Arc::new(At(now)))
        .with_safe_default_protocol_versions()
        .map_err(|error| Trouble::other(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // A resumed session would not look at the certificate again.
    config.resumption = Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}
