//! TLS that trusts one given authority and nothing else. Not a place for switches that turn checks off.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use crate::port::load::LoadError;

/// What is needed to speak TLS with the target.
#[derive(Clone)]
pub struct Secure {
    /// Makes connections.
    pub connector: TlsConnector,
    /// The name the certificate must be for.
    pub name: ServerName<'static>,
}

impl Secure {
    /// TLS to `host`, trusting the certificates in `authority` (PEM).
    ///
    /// # Errors
    /// When there is no authority, or no certificate in it, or the host is no name.
    pub fn new(host: &str, authority: Option<&str>) -> Result<Self, LoadError> {
        let invalid = |why: String| LoadError::Invalid(why);
        let pem = authority.ok_or_else(|| {
            invalid(format!(
                "https://{host} needs the certificate authority to trust; none is given"
            ))
        })?;
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|error| {
                invalid(format!("the certificate authority is not PEM: {error}"))
            })?;
            roots.add(certificate).map_err(|error| {
                invalid(format!("the certificate authority cannot be used: {error}"))
            })?;
        }
        if roots.is_empty() {
            return Err(invalid("the certificate authority holds no certificate".to_owned()));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| invalid(format!("TLS is not available: {error}")))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| invalid(format!("{host:?} is no name a certificate can be for")))?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_trusted_without_an_authority() {
        let no_pem = "-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n";
        for (authority, word) in [
            (None, "none is given"),
            (Some(""), "holds no certificate"),
            (Some("hello"), "holds no certificate"),
            (Some(no_pem), "not PEM"),
        ] {
            let Err(LoadError::Invalid(why)) = Secure::new("shop.test", authority) else {
                panic!("{authority:?} was accepted")
            };
            assert!(why.contains(word), "{why}");
        }
    }
}
