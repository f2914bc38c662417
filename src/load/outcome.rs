//! How a request ended, and how the errors of the libraries below are understood. Counts nothing.

use std::error::Error;
use std::io;

use hyper::StatusCode;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 2xx or 3xx, to the last byte of the body.
    Ok,
    /// No connection: refused or unreachable.
    Refused,
    /// The connection broke before an answer began, or was reset.
    Reset,
    /// No answer in time.
    Timeout,
    /// TLS failed.
    Tls,
    /// The answer was not HTTP, or was cut off.
    Protocol,
    /// 4xx.
    Client,
    /// 5xx.
    Server,
    /// This machine had no socket left: the target never saw it, so it counts as dropped.
    Unsent,
}

impl Outcome {
    /// What an answer with this status is.
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            200..=399 => Self::Ok,
            400..=499 => Self::Client,
            500..=599 => Self::Server,
            // 101 to a request that asked for no upgrade, and numbers that HTTP does not have.
            _ => Self::Protocol,
        }
    }

    /// Why no connection came about.
    pub fn of_connect(error: &io::Error) -> Self {
        if exhausted(error) {
            return Self::Unsent;
        }
        match error.kind() {
            io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => Self::Reset,
            io::ErrorKind::TimedOut => Self::Timeout,
            _ => Self::Refused,
        }
    }

    /// Why TLS did not come about.
    pub fn of_handshake(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Self::Reset,
            _ => Self::Tls,
        }
    }

    /// Why an exchange failed; `answering`: the head of an answer had arrived.
    pub fn of_exchange(error: &hyper::Error, answering: bool) -> Self {
        if let Some(cause) = cause::<io::Error>(error) {
            let tls = cause.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
            return match cause.kind() {
                _ if tls => Self::Tls,
                io::ErrorKind::UnexpectedEof if answering => Self::Protocol,
                io::ErrorKind::TimedOut => Self::Timeout,
                _ => Self::Reset,
            };
        }
        if error.is_incomplete_message() && !answering {
            return Self::Reset;
        }
        if error.is_canceled() || error.is_closed() { Self::Reset } else { Self::Protocol }
    }
}

/// Whether this machine, not the target, has run out of something.
fn exhausted(error: &io::Error) -> bool {
    if error.kind() == io::ErrorKind::AddrNotAvailable {
        return true;
    }
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        let code = error.raw_os_error();
        [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::NOMEM]
            .iter()
            .any(|errno| code == Some(errno.raw_os_error()))
    }
    #[cfg(not(unix))]
    false
}

/// The first error of type `E` below `error`.
fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_have_a_kind() {
        for (status, outcome) in [
            (200, Outcome::Ok),
            (204, Outcome::Ok),
            (302, Outcome::Ok),
            (404, Outcome::Client),
            (429, Outcome::Client),
            (500, Outcome::Server),
            (503, Outcome::Server),
            (101, Outcome::Protocol),
            (777, Outcome::Protocol),
        ] {
            assert_eq!(
                Outcome::of_status(StatusCode::from_u16(status).unwrap()),
                outcome,
                "{status}"
            );
        }
    }

    #[test]
    fn a_full_machine_is_not_the_targets_fault() {
        for (kind, outcome) in [
            (io::ErrorKind::ConnectionRefused, Outcome::Refused),
            (io::ErrorKind::HostUnreachable, Outcome::Refused),
            (io::ErrorKind::ConnectionReset, Outcome::Reset),
            (io::ErrorKind::TimedOut, Outcome::Timeout),
            (io::ErrorKind::AddrNotAvailable, Outcome::Unsent),
        ] {
            assert_eq!(Outcome::of_connect(&io::Error::from(kind)), outcome, "{kind:?}");
        }
        #[cfg(unix)]
        assert_eq!(
            Outcome::of_connect(&io::Error::from(rustix::io::Errno::MFILE)),
            Outcome::Unsent
        );
    }
}
