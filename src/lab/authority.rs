//! The lab's own certificate authority: made when a lab starts, kept in memory only. Who serves the certificates is not
//! its business.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use std::time::Duration;

use super::channel::{Certificate, CertificateKit};

/// The names a certificate is for.
const NAMES: [&str; 2] = ["127.0.0.1", "localhost"];

const HOUR: i64 = 60 * 60 * 1_000;

/// A certificate is good for so long, and from a little before it was made.
const LIFE: i64 = 24 * HOUR;
const BEFORE: i64 = HOUR;

/// The former certificate ended so long ago.
const ENDED: i64 = HOUR;

/// Makes certificates that are trusted by whoever trusts it.
pub(super) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    /// A new one, with a key of its own.
    pub(super) fn new() -> Result<Self, rcgen::Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name = name("gameday lab authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let pem = issuer.pem();
        Ok(Self { issuer, pem })
    }

    /// Its own certificate, PEM: what customers trust.
    pub(super) fn pem(&self) -> &str {
        &self.pem
    }

    /// A certificate that is good at `now` (milliseconds since 1970), and one that no longer is.
    pub(super) fn kit(&self, now: i64) -> Result<CertificateKit, rcgen::Error> {
        let former = now - ENDED;
        Ok(CertificateKit {
            authority: self.pem.clone(),
            current: self.certificate(now - BEFORE, now + LIFE)?,
            former: self.certificate(former - LIFE, former)?,
        })
    }

    fn certificate(&self, from: i64, until: i64) -> Result<Certificate, rcgen::Error> {
        let moment = |millis: i64| {
            let since_1970 = Duration::from_millis(u64::try_from(millis).unwrap_or_default());
            date_time_ymd(1970, 1, 1) + since_1970
        };
        let mut params = CertificateParams::new(NAMES.map(str::to_owned))?;
        params.distinguished_name = name("gameday lab gateway");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.not_before = moment(from);
        params.not_after = moment(until);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Certificate { certificate: certificate.pem(), key: key.serialize_pem(), until })
    }
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}
