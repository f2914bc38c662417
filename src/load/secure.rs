//! TLS that trusts one given authority and nothing else, or whom this machine trusts. Not a place for switches that turn checks
//! off.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
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
    /// TLS to `host`, trusting the certificates in `authority` (PEM); `None`: whom this machine trusts.
    ///
    /// # Errors
    /// When there is no certificate in the authority, this machine trusts nobody, or the host is no name.
    pub fn new(host: &str, authority: Option<&str>) -> Result<Self, LoadError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| LoadError::Invalid(format!("TLS is not available: {error}")))?;
        let builder = match authority {
            Some(pem) => builder.with_root_certificates(roots(pem)?),
            None => builder.with_platform_verifier().map_err(|error| {
                LoadError::Invalid(format!(
                    "https://{host}: this machine trusts no authority ({error}): install its certificates (ca-certificates), \
                     or name a file of them in SSL_CERT_FILE"
                ))
            })?,
        };
        let mut config = builder.with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let name = ServerName::try_from(host.to_owned()).map_err(|_| {
            LoadError::Invalid(format!("{host:?} is no name a certificate can be for"))
        })?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }
}

fn roots(pem: &str) -> Result<RootCertStore, LoadError> {
    let invalid = |why: String| LoadError::Invalid(why);
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate
            .map_err(|error| invalid(format!("the certificate authority is not PEM: {error}")))?;
        roots.add(certificate).map_err(|error| {
            invalid(format!("the certificate authority cannot be used: {error}"))
        })?;
    }
    if roots.is_empty() {
        return Err(invalid("the certificate authority holds no certificate".to_owned()));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_without_a_certificate_is_none() {
        let no_pem = "-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n";
        for (authority, word) in
            [("", "holds no certificate"), ("hello", "holds no certificate"), (no_pem, "not PEM")]
        {
            let Err(LoadError::Invalid(why)) = Secure::new("shop.test", Some(authority)) else {
                panic!("{authority:?} was accepted")
            };
            assert!(why.contains(word), "{why}");
        }
    }
}
