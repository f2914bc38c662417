//! Whom we trust, and what we show of ourselves: the TLS of the client. Not a place for switches that turn checks off.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::unfit::Unfit;
use crate::gameday::text::plain;

/// What we show of ourselves: a certificate and its key, both PEM files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The certificate, and those between it and the authority.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// The TLS of a client that trusts the authority in the file, and no other, or whom this machine trusts.
///
/// # Errors
/// When a file cannot be read or holds something else.
pub(super) fn client(
    secure: bool,
    authority: Option<&Path>,
    identity: Option<&Identity>,
) -> Result<ClientConfig, Unfit> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Unfit(format!("TLS is not available: {error}")))?;
    let builder = match authority {
        Some(path) => builder.with_root_certificates(roots(path)?),
        // Where no TLS is spoken, nobody is trusted.
        None if !secure => builder.with_root_certificates(RootCertStore::empty()),
        None => builder.with_platform_verifier().map_err(|error| {
            Unfit(format!(
                "this machine trusts no authority ({error}): install its certificates (ca-certificates), \
                 or give the certificate of the server's authority"
            ))
        })?,
    };
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let key = key(&identity.key)?;
            let chain = certificates(&identity.certificate)?;
            builder.with_client_auth_cert(chain, key).map_err(|error| {
                let path = shown(&identity.certificate);
                let key = shown(&identity.key);
                Unfit(format!("{path} and {key} do not fit together: {error}"))
            })?
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn shown(path: &Path) -> String {
    plain(&path.display().to_string())
}

fn read(path: &Path) -> Result<Vec<u8>, Unfit> {
    std::fs::read(path).map_err(|error| Unfit(format!("{}: {error}", shown(path))))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Unfit> {
    let pem = read(path)?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let all = all.map_err(|error| Unfit(format!("{} is not PEM: {error}", shown(path))))?;
    if all.is_empty() {
        let path = shown(path);
        return Err(Unfit(format!(
            "{path} holds no certificate: it must begin with -----BEGIN CERTIFICATE-----"
        )));
    }
    Ok(all)
}

fn roots(path: &Path) -> Result<RootCertStore, Unfit> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots
            .add(certificate)
            .map_err(|error| Unfit(format!("{} cannot be trusted: {error}", shown(path))))?;
    }
    Ok(roots)
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, Unfit> {
    PrivateKeyDer::from_pem_slice(&read(path)?).map_err(|_| {
        let path = shown(path);
        // What a parser says of a key stays with it.
        Unfit(format!("{path} holds no key: it must begin with -----BEGIN PRIVATE KEY-----"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_hold_something_else_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let (nothing, words) = (folder.path().join("nothing.pem"), file("words.pem", "s3cret"));
        let odd = "-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n";
        let odd = file("odd.pem", odd);
        for (path, word) in
            [(&nothing, "No such file"), (&words, "no certificate"), (&odd, "not PEM")]
        {
            let why = client(true, Some(path), None).unwrap_err().0;
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(why.contains(word) && why.contains(name), "{why}");
        }
        let identity = Identity { certificate: words.clone(), key: words };
        let why = client(false, None, Some(&identity)).unwrap_err().0;
        assert!(why.contains("holds no key") && !why.contains("s3cret"), "{why}");
        client(false, None, None).unwrap();
    }
}
