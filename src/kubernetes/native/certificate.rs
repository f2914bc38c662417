//! A certificate for the same names as another one, that has expired. Not the Secret that it is put into.

use std::net::IpAddr;
use std::time::Duration;

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, date_time_ymd};
use sha2::{Digest, Sha256};
use x509_parser::extensions::GeneralName;
use x509_parser::pem::Pem;

/// It was good for so long.
const LIFE: i64 = 90 * 24 * 60 * 60 * 1_000;

/// A certificate and its key, PEM.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Pair {
    /// The certificate.
    pub(super) certificate: Vec<u8>,
    /// Its key.
    pub(super) key: Vec<u8>,
}

/// It holds a key: nothing of it is ever shown.
impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pair(…)")
    }
}

impl Pair {
    /// Tells it from another one without showing it.
    pub(super) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for part in [&self.certificate, &self.key] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Whom the first certificate in `pem` is for: its hosts and addresses, or else its common name.
pub(super) fn names(pem: &[u8]) -> Result<Vec<String>, String> {
    let unread = |error: String| format!("its certificate cannot be read: {error}");
    let block = Pem::iter_from_buffer(pem).next().ok_or("it holds no certificate")?;
    let block = block.map_err(|error| unread(error.to_string()))?;
    let certificate = block.parse_x509().map_err(|error| unread(error.to_string()))?;
    let other =
        certificate.subject_alternative_name().map_err(|error| unread(error.to_string()))?;
    let mut names: Vec<String> = other
        .iter()
        .flat_map(|one| &one.value.general_names)
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress(bytes) => address(bytes),
            _ => None,
        })
        .collect();
    if names.is_empty() {
        let common = certificate.subject().iter_common_name().filter_map(|one| one.as_str().ok());
        names.extend(common.map(str::to_owned));
    }
    match names.is_empty() {
        true => Err("its certificate names nobody".to_owned()),
        false => Ok(names),
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok().map(|one| one.to_string())
}

/// A certificate for `names` that expired at `when` (milliseconds since 1970), signed by itself.
pub(super) fn expired(names: &[String], when: i64) -> Result<Pair, String> {
    let unmade = |error: rcgen::Error| format!("an expired certificate cannot be made: {error}");
    let moment = |millis: i64| {
        let since_1970 = Duration::from_millis(u64::try_from(millis).unwrap_or_default());
        date_time_ymd(1970, 1, 1) + since_1970
    };
    let mut params = CertificateParams::new(names.to_vec()).map_err(unmade)?;
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, names.first().map_or("gameday", String::as_str));
    params.distinguished_name = name;
    params.not_before = moment(when - LIFE);
    params.not_after = moment(when);
    let key = KeyPair::generate().map_err(unmade)?;
    let certificate = params.self_signed(&key).map_err(unmade)?;
    Ok(Pair { certificate: certificate.pem().into_bytes(), key: key.serialize_pem().into_bytes() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expired_certificate_is_for_the_same_names() {
        let wanted = ["shop.example", "*.shop.example", "10.0.0.7", "::1"].map(str::to_owned);
        let when = 1_700_000_000_000;
        let one = expired(&wanted, when).unwrap();
        assert_eq!(names(&one.certificate).unwrap(), wanted);
        let block = Pem::iter_from_buffer(&one.certificate).next().unwrap().unwrap();
        let read = block.parse_x509().unwrap();
        assert_eq!(read.validity().not_after.timestamp() * 1_000, when);
        let other = expired(&wanted, when).unwrap();
        assert_ne!(one.fingerprint(), other.fingerprint());
        assert_eq!((one.fingerprint().len(), format!("{one:?}").as_str()), (64, "Pair(…)"));
    }

    #[test]
    fn what_is_no_certificate_is_said() {
        assert!(names(b"").is_err());
        assert!(names(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").is_err());
    }
}
