//! Why a server of metrics or alerts did not say what it was asked for: where, why, and how to mend it. Nothing secret
//! stands in it: no token, no password. Not what is done about it.

use std::fmt;

use crate::exercise::said::{Said, said};
use crate::gameday::span::Span;

/// What went wrong, and with which server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    /// Its address, as people are told.
    pub server: String,
    /// What went wrong.
    pub trouble: Trouble,
}

/// What went wrong. Texts from outside are harmless and short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No whole answer in time.
    Timeout { limit: Span },
    /// No connection in time.
    NoConnection { limit: Span },
    /// Nothing listens there.
    Refused,
    /// Nobody knows the name.
    UnknownHost { host: String },
    /// No connection for another reason.
    Unreachable { why: String },
    /// There is no trust in one direction or the other.
    Tls(TlsTrouble),
    /// The connection broke while it was used.
    Broken { why: String },
    /// The server does not let us in; `as_who` says what we showed.
    Denied { code: u16, as_who: Box<Said>, body: String },
    /// There is no such path.
    NotFound { path: String },
    /// The server has too much to do; perhaps it said for how long.
    Busy { code: u16, wait: Option<Span> },
    /// Another status, with the beginning of what stood in the answer.
    Status { code: u16, body: String },
    /// The query is not one, or asks for too much: only another query helps.
    Query { query: String, why: String },
    /// The server began and gave up.
    GaveUp { why: String },
    /// The answer has more bytes than are read.
    TooLarge { bytes: usize },
    /// The answer has more values than are kept.
    TooMany { values: usize },
    /// The answer is something else.
    Garbage { why: String, begins: String },
    /// The answer is a page for people, with this title.
    WebPage { title: String },
    /// The server sends us to another place.
    Redirect { to: String },
    /// What we would show to be let in cannot be read.
    Credential { why: String },
    /// A command of ours, whose output is the figure, gave none: only that command is in trouble.
    Command(Box<Said>),
}

/// Why there is no trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsTrouble {
    /// Nobody we trust has signed the server's certificate.
    UnknownIssuer,
    /// The server's certificate has ended, or has not begun.
    Expired,
    /// The server's certificate is for another name.
    OtherName,
    /// The server wants a certificate from us, or another one.
    Unwelcome,
    /// The server does not speak TLS.
    NoTls,
    /// Anything else.
    Other(String),
}

/// What would help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Time: the server, or the way to it, is in trouble.
    Time,
    /// Time, and fewer questions.
    FewerQuestions,
    /// Another query.
    Query,
    /// Another address, token or certificate.
    Settings,
}

impl Trouble {
    /// What would help.
    pub const fn remedy(&self) -> Remedy {
        match self {
            Self::Busy { .. } => Remedy::FewerQuestions,
            Self::Query { .. }
            | Self::TooLarge { .. }
            | Self::TooMany { .. }
            | Self::Command(_) => Remedy::Query,
            Self::Tls(_)
            | Self::Denied { .. }
            | Self::NotFound { .. }
            | Self::WebPage { .. }
            | Self::Redirect { .. }
            | Self::Credential { .. } => Remedy::Settings,
            Self::Status { code, .. } if *code < 500 => Remedy::Settings,
            Self::Timeout { .. }
            | Self::NoConnection { .. }
            | Self::Refused
            | Self::UnknownHost { .. }
            | Self::Unreachable { .. }
            | Self::Broken { .. }
            | Self::Status { .. }
            | Self::GaveUp { .. }
            | Self::Garbage { .. } => Remedy::Time,
        }
    }

    /// Whether no question at all would have been answered just then.
    pub const fn is_of_the_way(&self) -> bool {
        matches!(
            self,
            Self::NoConnection { .. }
                | Self::Refused
                | Self::UnknownHost { .. }
                | Self::Unreachable { .. }
                | Self::Tls(_)
                | Self::Denied { .. }
                | Self::Redirect { .. }
                | Self::Credential { .. }
                | Self::Busy { .. }
        )
    }

    /// In words, without the server.
    pub fn said(&self) -> Said {
        match self {
            Self::Timeout { limit } => said!(
                "source-timeout",
                "no answer within {limit}: the server is slow, or the query heavy; ask for less, or raise the limit",
                limit = limit
            ),
            Self::NoConnection { limit } => said!(
                "source-no-connection",
                "no connection within {limit}: look at the address, and whether the network lets you through",
                limit = limit
            ),
            Self::Refused => said!(
                "source-refused",
                "nothing listens there: look at host and port, and whether the server runs"
            ),
            Self::UnknownHost { host } => said!(
                "source-unknown-host",
                "nobody knows the name {host}: look for a typing mistake, or whether a VPN is needed",
                host = host
            ),
            Self::Unreachable { why } => {
                said!("source-unreachable", "it cannot be reached: {why}", why = why)
            }
            Self::Tls(trouble) => trouble.said(),
            Self::Broken { why } => {
                said!("source-broken", "the connection broke in the middle: {why}", why = why)
            }
            Self::Credential { why } => {
                said!("source-credential", "what is to be shown cannot be read: {why}", why = why)
            }
            Self::Command(why) => {
                said!("source-command", "no figure came of the command: {why}", why = why.as_ref())
            }
            _ => self.said_by_server(),
        }
    }

    /// What a server said itself.
    fn said_by_server(&self) -> Said {
        match self {
            Self::Denied { code, as_who, body } => said!(
                "source-denied",
                "it does not let us in (HTTP {code}; we showed {who}): {body}; look at the token, the user, or the tenant",
                who = as_who.as_ref(),
                code = *code,
                body = body
            ),
            Self::NotFound { path } => said!(
                "source-not-found",
                "there is no {path} (HTTP 404): the API may be under another path; give it with the address, as in https://host/prometheus",
                path = path
            ),
            Self::Busy { code, wait: Some(wait) } => said!(
                "source-busy-until",
                "it has too much to do (HTTP {code}) and asks for {wait} of patience",
                code = *code,
                wait = wait
            ),
            Self::Busy { code, wait: None } => said!(
                "source-busy",
                "it has too much to do (HTTP {code}): ask less often, or have its limit raised",
                code = *code
            ),
            Self::Status { code, body } => {
                said!("source-status", "HTTP {code}: {body}", code = *code, body = body)
            }
            Self::Query { query, why } => said!(
                "source-query",
                "it refuses the query: {why}; the query is {query}",
                why = why,
                query = query
            ),
            Self::GaveUp { why } => said!(
                "source-gave-up",
                "it gave the query up: {why}; ask for less, or for a shorter time",
                why = why
            ),
            Self::TooLarge { bytes } => said!(
                "source-too-large",
                "its answer is longer than {bytes} bytes: ask for fewer series, as with sum by (…), or for a shorter time",
                bytes = *bytes
            ),
            Self::TooMany { values } => said!(
                "source-too-many",
                "its answer has more than {values} values: ask for fewer series, as with sum by (…), or for longer steps",
                values = *values
            ),
            Self::Garbage { why, begins } => said!(
                "source-garbage",
                "its answer cannot be understood: {why}; it begins with {begins}; look whether the address is that of the API",
                why = why,
                begins = begins
            ),
            Self::WebPage { title } => said!(
                "source-web-page",
                "it answers with a page for people ({title}): the address may be another one's, or a login stands before it",
                title = title
            ),
            Self::Redirect { to } => said!(
                "source-redirect",
                "it leads to {to}, which is not followed: give that address if it is the right one",
                to = to
            ),
            _ => Said::default(),
        }
    }
}

impl TlsTrouble {
    /// In words.
    pub fn said(&self) -> Said {
        match self {
            Self::UnknownIssuer => said!(
                "source-tls-issuer",
                "nobody who is trusted here signed its certificate: give the certificate of its authority"
            ),
            Self::Expired => said!(
                "source-tls-expired",
                "its certificate is not valid at this time: have it renewed, and look at the clock of this machine"
            ),
            Self::OtherName => said!(
                "source-tls-name",
                "its certificate is for another name: give the address with the name that it is for"
            ),
            Self::Unwelcome => said!(
                "source-tls-unwelcome",
                "it wants to see a certificate, or another one: give a client certificate with its key"
            ),
            Self::NoTls => said!(
                "source-tls-none",
                "it does not speak TLS: look whether the address should begin with http://"
            ),
            Self::Other(why) => said!("source-tls", "TLS failed: {why}", why = why),
        }
    }
}

impl SourceError {
    /// In words: where, why, how to mend it.
    pub fn said(&self) -> Said {
        let what = self.trouble.said();
        said!("source-trouble", "{server}: {what}", server = &self.server, what = what)
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for SourceError {}
