//! What goes wrong at the server when a test wants it.

use std::time::Duration;

/// How a request goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum How {
    /// Answered so much later.
    Slow(Duration),
    /// 429 with `Retry-After`, in seconds.
    TooMany(u64),
    /// 500.
    Error,
    /// 503, as while a server starts.
    Unavailable,
    /// The connection is cut before anything is done.
    Reset,
    /// It is done, but the connection is cut before the answer.
    LostAnswer,
}

/// Which requests go wrong, how, and how often.
#[derive(Clone, Debug)]
pub struct Fault {
    verb: Option<String>,
    resource: Option<String>,
    how: How,
    /// How many are still to go wrong; none: every one.
    left: Option<u32>,
    /// One of so many requests.
    every: u32,
    seen: u32,
}

impl Fault {
    /// Every request, until it is taken back.
    pub fn new(how: How) -> Self {
        Self { verb: None, resource: None, how, left: None, every: 1, seen: 0 }
    }

    /// Only such a verb: `patch`.
    pub fn verb(mut self, verb: &str) -> Self {
        self.verb = Some(verb.to_owned());
        self
    }

    /// Only such a resource: `pods`, `pods/eviction`, `podchaos.chaos-mesh.org`.
    pub fn resource(mut self, resource: &str) -> Self {
        self.resource = Some(resource.to_owned());
        self
    }

    /// Only the next so many.
    pub fn next(mut self, count: u32) -> Self {
        self.left = Some(count);
        self
    }

    /// Only one of so many, beginning with the first.
    pub fn one_of(mut self, every: u32) -> Self {
        self.every = every.max(1);
        self
    }

    fn strikes(&mut self, verb: &str, resource: &str) -> bool {
        let meant = self.verb.as_deref().is_none_or(|one| one == verb)
            && self.resource.as_deref().is_none_or(|one| one == resource);
        if !meant || self.left == Some(0) {
            return false;
        }
        let strikes = self.seen.is_multiple_of(self.every);
        self.seen += 1;
        if strikes {
            self.left = self.left.map(|left| left - 1);
        }
        strikes
    }
}

/// How this request goes wrong.
pub fn strike(faults: &mut [Fault], verb: &str, resource: &str) -> Option<How> {
    faults.iter_mut().find_map(|fault| fault.strikes(verb, resource).then(|| fault.how.clone()))
}
