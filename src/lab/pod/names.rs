//! Looks the names of services up: from what the lab told to whom this pod may call. A name that does not resolve is felt
//! here. Opens no connection.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::lab::channel::Endpoint;
use crate::lab::lock::lock;

/// An answer is good for so long; then the name is looked up again.
const TTL: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Inner {
    /// What a look-up finds when it works.
    known: Arc<Vec<Endpoint>>,
    /// The last answers, and when they were given, by app.
    answers: BTreeMap<&'static str, (Duration, Vec<Endpoint>)>,
}

/// The names this pod knows.
#[derive(Default)]
pub(super) struct Names(Mutex<Inner>);

/// What looking all names up brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Whom the names stand for.
    pub endpoints: Vec<Endpoint>,
    /// How many names did not resolve.
    pub failed: u64,
}

impl Names {
    /// Who is behind the names from now on.
    pub(super) fn learn(&self, known: Vec<Endpoint>) {
        lock(&self.0).known = Arc::new(known);
    }

    /// Looks every name up at `now`. A name that is `blocked` does not resolve: its last answer is used while it is
    /// good, or for ever where last answers are to be `kept`.
    pub(super) fn look_up(
        &self,
        now: Duration,
        kept: bool,
        blocked: impl Fn(&str) -> bool,
    ) -> Found {
        let inner = &mut *lock(&self.0);
        let mut apps: Vec<&'static str> = inner.known.iter().map(|one| one.role.app()).collect();
        apps.extend(inner.answers.keys());
        apps.sort_unstable();
        apps.dedup();
        let mut found = Found { endpoints: Vec::new(), failed: 0 };
        for app in apps {
            if blocked(app) {
                found.failed += 1;
                let last = inner.answers.get(app);
                let good = last.filter(|(at, _)| kept || now.saturating_sub(*at) < TTL);
                found.endpoints.extend(good.into_iter().flat_map(|(_, last)| last.iter().cloned()));
                continue;
            }
            let named = inner.known.iter().filter(|one| one.role.app() == app);
            let answer: Vec<Endpoint> = named.cloned().collect();
            found.endpoints.extend(answer.iter().cloned());
            inner.answers.insert(app, (now, answer));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::shop::Role;

    fn endpoint(pod: &str, role: Role, port: u16) -> Endpoint {
        let address = (std::net::Ipv4Addr::LOCALHOST, port).into();
        Endpoint { pod: pod.to_owned(), role, address }
    }

    #[test]
    fn a_blocked_name_keeps_its_last_answer_for_a_while_or_for_as_long_as_it_takes() {
        let at = Duration::from_millis;
        let cache = endpoint("cache", Role::Cache, 1);
        let (old, new) =
            (endpoint("backend", Role::Backend, 2), endpoint("backend", Role::Backend, 3));
        let blocked = |app: &str| app == "backend-service";
        for (kept, later) in
            [(false, vec![cache.clone()]), (true, vec![old.clone(), cache.clone()])]
        {
            let names = Names::default();
            names.learn(vec![cache.clone(), old.clone()]);
            let all = vec![old.clone(), cache.clone()];
            let found = names.look_up(at(0), kept, |_| false);
            assert_eq!(found, Found { endpoints: all.clone(), failed: 0 });
            names.learn(vec![cache.clone(), new.clone()]);
            let found = names.look_up(at(900), kept, blocked);
            assert_eq!(found, Found { endpoints: all, failed: 1 }, "the news is not heard");
            let found = names.look_up(at(1_000), kept, blocked);
            assert_eq!(found, Found { endpoints: later, failed: 1 });
            let found = names.look_up(at(1_100), kept, |_| false);
            assert_eq!(found.endpoints, [new.clone(), cache.clone()]);
        }
    }
}
