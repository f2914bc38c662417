//! The certificates the gateway has, and which of them it serves. Takes no connections: see `tls`.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::sync::watch;

use crate::lab::channel::{Certificate, CertificateKit, Effect};
use crate::lab::lock::lock;

/// Which certificate is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Served {
    /// How often a new one was put in.
    pub renewed: u32,
    /// Whether it is one that has ended.
    pub former: bool,
    /// When it ends, in milliseconds since 1970.
    pub until: i64,
}

struct Held {
    authority: String,
    current: (Arc<CertifiedKey>, i64),
    former: (Arc<CertifiedKey>, i64),
}

#[derive(Default)]
struct Shelf {
    held: Option<Held>,
    /// The faults that put the former one in.
    faults: BTreeSet<String>,
}

/// The certificates of one gateway; what is served changes at once for every new handshake.
#[derive(Default)]
pub(super) struct Certificates {
    shelf: Mutex<Shelf>,
    served: watch::Sender<Served>,
}

impl Certificates {
    /// Serves the current certificate of the kit from now on, whatever was served before.
    ///
    /// # Errors
    /// When it cannot be used; then everything stays as it is.
    pub(super) fn take(&self, kit: &CertificateKit) -> Result<(), String> {
        let held = Held {
            authority: kit.authority.clone(),
            current: (certified(&kit.current)?, kit.current.until),
            former: (certified(&kit.former)?, kit.former.until),
        };
        let until = held.current.1;
        lock(&self.shelf).held = Some(held);
        self.served.send_modify(|served| {
            *served = Served { renewed: served.renewed + 1, former: false, until };
        });
        Ok(())
    }

    /// Exactly these faults stand from now on. A new one puts the former certificate in; when none is left, the current
    /// one is served again.
    pub(super) fn settle(&self, standing: &[(String, Effect)]) {
        let expired = standing.iter().filter(|(_, effect)| *effect == Effect::ExpiredCertificate);
        let faults: BTreeSet<String> = expired.map(|(key, _)| key.clone()).collect();
        let mut shelf = lock(&self.shelf);
        let begins = !faults.is_subset(&shelf.faults);
        let over = faults.is_empty() && !shelf.faults.is_empty();
        shelf.faults = faults;
        let Some(held) = &shelf.held else { return };
        let until = if begins { held.former.1 } else { held.current.1 };
        if begins || over {
            self.served.send_modify(|served| *served = Served { former: begins, until, ..*served });
        }
    }

    /// What is served, now and after every change.
    pub(super) fn watch(&self) -> watch::Receiver<Served> {
        self.served.subscribe()
    }

    /// The authority that customers trust, PEM; none before the first certificate.
    pub(super) fn authority(&self) -> Option<String> {
        lock(&self.shelf).held.as_ref().map(|held| held.authority.clone())
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Certificates").field(&*self.served.borrow()).finish()
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shelf = lock(&self.shelf);
        let held = shelf.held.as_ref()?;
        let former = self.served.borrow().former;
        Some(Arc::clone(if former { &held.former.0 } else { &held.current.0 }))
    }
}

fn certified(certificate: &Certificate) -> Result<Arc<CertifiedKey>, String> {
    let pem = certificate.certificate.as_bytes();
    let chain = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| format!("the certificate is not PEM: {error}"))?;
    let key = PrivateKeyDer::from_pem_slice(certificate.key.as_bytes())
        .map_err(|error| format!("the key is not PEM: {error}"))?;
    CertifiedKey::from_der(chain, key, &rustls::crypto::ring::default_provider())
        .map(Arc::new)
        .map_err(|error| format!("the certificate cannot be used: {error}"))
}
