//! What broke between us and a server, understood from the errors of the client. Not what a server said (see `verdict`).

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError, Error as TlsError};

use crate::gameday::span::Span;
use crate::gameday::text::printable;
use crate::port::trouble::{TlsTrouble, Trouble};

/// How long things might have taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) connect: Span,
    pub(super) whole: Span,
}

/// What an error of the client means.
pub(super) fn mishap(error: reqwest::Error, host: String, limits: Limits) -> Trouble {
    // It would say the address with the query in it.
    let error = error.without_url();
    if let Some(tls) = find(&error, tls) {
        return Trouble::Tls(tls);
    }
    if error.is_dns() {
        return Trouble::UnknownHost { host };
    }
    if error.is_timeout() {
        let connect = error.is_connect();
        return if connect {
            Trouble::NoConnection { limit: limits.connect }
        } else {
            Trouble::Timeout { limit: limits.whole }
        };
    }
    let why = words(&error);
    let kind = find(&error, |one| one.downcast_ref::<io::Error>().map(io::Error::kind));
    if error.is_connect() {
        return match kind {
            Some(io::ErrorKind::ConnectionRefused) => Trouble::Refused,
            _ => Trouble::Unreachable { why },
        };
    }
    let cut = matches!(
        kind,
        Some(
            io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
        )
    );
    let http = find(&error, |one| one.downcast_ref::<hyper::Error>().map(hyper::Error::is_parse));
    if http == Some(true) || (error.is_decode() && !cut) {
        return Trouble::Garbage { why, begins: "…".to_owned() };
    }
    Trouble::Broken { why }
}

/// The first of an error and those behind it that is what is looked for.
fn find<T>(
    error: &(dyn Error + 'static),
    what: impl Fn(&(dyn Error + 'static)) -> Option<T>,
) -> Option<T> {
    let mut next = Some(error);
    while let Some(one) = next {
        if let Some(found) = what(one) {
            return Some(found);
        }
        next = behind(one);
    }
    None
}

/// The error behind an error. What an error of input and output holds is one, though it does not say so.
fn behind<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let held = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    held.map(|held| held as &(dyn Error + 'static)).or_else(|| error.source())
}

/// What the error at the very end says.
fn words(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = behind(last) {
        last = next;
    }
    printable(&last.to_string(), 200)
}

fn tls(error: &(dyn Error + 'static)) -> Option<TlsTrouble> {
    let error = error.downcast_ref::<TlsError>()?;
    Some(match error {
        TlsError::InvalidCertificate(why) => match why {
            // Another authority of the same name, as when one was made anew.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                TlsTrouble::UnknownIssuer
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => TlsTrouble::Expired,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsTrouble::OtherName
            }
            other => TlsTrouble::Other(printable(&other.to_string(), 200)),
        },
        TlsError::InvalidMessage(_) => TlsTrouble::NoTls,
        TlsError::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied,
        ) => TlsTrouble::Unwelcome,
        other => TlsTrouble::Other(printable(&other.to_string(), 200)),
    })
}
