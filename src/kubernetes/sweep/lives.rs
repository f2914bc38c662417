//! Which runs live, as far as it can be known: a lease that is renewed says so, wherever it is, and that there is none says the
//! opposite only where leases could be listed.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::sleep;

use super::super::connect::Connection;
use super::super::lease::{self, Seen, is_stale};
use super::super::reach::Reach;
use crate::port::clock::Clock;

/// A lease that is stale for less than this may be of somebody whose clock is wrong: it is looked at again.
const DOUBTFUL: Duration = Duration::from_secs(15 * 60);
/// After so long somebody who lives has renewed it.
const AGAIN: Duration = Duration::from_secs(12);

/// What is known of a run's program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Alive,
    Dead,
    /// Its lease may be where nobody may look.
    Unknown,
}

/// What leases say, and where they could be listed.
#[derive(Clone, Debug, Default)]
pub(super) struct Lives {
    /// Runs whose lease is renewed.
    alive: BTreeSet<String>,
    /// Runs whose lease nobody renews.
    stale: BTreeSet<String>,
    /// They could be listed where the look is.
    here: bool,
    /// They could be listed in all namespaces.
    everywhere: bool,
    /// Why they could not be.
    pub(super) why: Option<String>,
}

impl Lives {
    /// What is known of a run; `home`: it has something here that is only where its lease is.
    pub(super) fn of(&self, run: &str, home: bool) -> Life {
        if self.alive.contains(run) {
            return Life::Alive;
        }
        let known = self.everywhere || self.stale.contains(run) || (home && self.here);
        if known { Life::Dead } else { Life::Unknown }
    }

    /// These live, and leases could be listed there.
    #[cfg(test)]
    pub(super) fn known(alive: &[&str], here: bool, everywhere: bool) -> Self {
        let alive = alive.iter().map(|run| (*run).to_owned()).collect();
        Self { alive, here, everywhere, ..Self::default() }
    }
}

/// What could be listed.
struct Listed {
    leases: Vec<Seen>,
    here: bool,
    everywhere: bool,
    why: Option<String>,
}

/// Looks which of these runs live. The leases are asked for last: a run that began while the rest was listed has one.
pub(super) async fn look(
    connection: &Connection,
    reach: &Reach,
    runs: &BTreeSet<String>,
    clock: &dyn Clock,
) -> Lives {
    if runs.is_empty() {
        return Lives::default();
    }
    let Listed { leases, here, everywhere, why } = listed(connection, reach).await;
    let now = clock.wall_millis();
    let leases: Vec<&Seen> = leases.iter().filter(|lease| runs.contains(&lease.run)).collect();
    let fresh = leases.iter().filter(|lease| !is_stale(lease, now));
    let alive = fresh.map(|lease| lease.run.clone()).collect();
    let mut lives = Lives { alive, stale: BTreeSet::new(), here, everywhere, why };
    let bound = u64::try_from(DOUBTFUL.as_millis()).unwrap_or(u64::MAX);
    let near = |lease: &Seen| lease.renewed.is_some_and(|at| at.abs_diff(now) < bound);
    let stale = leases.into_iter().filter(|lease| is_stale(lease, now));
    let (doubtful, dead): (Vec<&Seen>, Vec<&Seen>) = stale.partition(|lease| near(lease));
    lives.stale = dead.into_iter().map(|lease| lease.run.clone()).collect();
    if doubtful.is_empty() {
        return lives;
    }
    sleep(AGAIN).await;
    let later = listed(connection, reach).await;
    for before in doubtful {
        match again(before, &later) {
            Life::Alive => drop(lives.alive.insert(before.run.clone())),
            Life::Dead => drop(lives.stale.insert(before.run.clone())),
            Life::Unknown => {}
        }
    }
    lives.here &= later.here;
    lives.everywhere &= later.everywhere;
    lives.why = lives.why.or(later.why);
    lives
}

/// What a second look says of who did not renew the lease before the first.
fn again(before: &Seen, later: &Listed) -> Life {
    let is_same = |one: &&Seen| one.run == before.run && one.namespace == before.namespace;
    match later.leases.iter().find(is_same) {
        Some(one) if one.renewed != before.renewed => Life::Alive,
        Some(_) => Life::Dead,
        // It ended in between, as far as that can be seen.
        None if later.everywhere => Life::Dead,
        None => Life::Unknown,
    }
}

/// Every lease there is; where they may not be listed everywhere, those that are here.
async fn listed(connection: &Connection, reach: &Reach) -> Listed {
    let why = match lease::all(&connection.client, &Reach::Everywhere).await {
        Ok(leases) => return Listed { leases, here: true, everywhere: true, why: None },
        Err(error) => error.0,
    };
    let here = match reach {
        Reach::Everywhere => Reach::Namespace(connection.namespace.clone()),
        Reach::Namespace(_) => reach.clone(),
    };
    // Whoever may look at one namespace of many knows no more of the others.
    let all = *reach == Reach::Everywhere;
    match lease::all(&connection.client, &here).await {
        Ok(leases) => Listed { leases, here: !all, everywhere: false, why: Some(why) },
        Err(error) => {
            Listed { leases: Vec::new(), here: false, everywhere: false, why: Some(error.0) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lives(here: bool, everywhere: bool) -> Lives {
        let alive = BTreeSet::from(["alive".to_owned()]);
        let stale = BTreeSet::from(["stale".to_owned()]);
        Lives { alive, stale, here, everywhere, why: None }
    }

    #[test]
    fn who_has_no_lease_is_dead_only_where_it_would_have_been_seen() {
        for (here, everywhere) in [(false, false), (true, false), (true, true)] {
            let lives = lives(here, everywhere);
            assert_eq!(lives.of("alive", true), Life::Alive);
            assert_eq!(lives.of("stale", false), Life::Dead);
        }
        assert_eq!(lives(true, true).of("none", false), Life::Dead);
        assert_eq!(lives(true, false).of("none", true), Life::Dead);
        assert_eq!(lives(true, false).of("none", false), Life::Unknown);
        assert_eq!(lives(false, false).of("none", true), Life::Unknown);
        assert_eq!(Lives::default().of("none", true), Life::Unknown);
    }

    #[test]
    fn who_renews_between_two_looks_lives_whatever_its_clock_says() {
        let seen = |renewed| Seen {
            run: "r".into(),
            namespace: "shop".into(),
            renewed: Some(renewed),
            ..Seen::default()
        };
        let listed = |leases, everywhere| Listed { leases, here: true, everywhere, why: None };
        assert_eq!(again(&seen(1), &listed(vec![seen(2)], true)), Life::Alive);
        assert_eq!(again(&seen(1), &listed(vec![seen(1)], false)), Life::Dead);
        assert_eq!(again(&seen(1), &listed(Vec::new(), true)), Life::Dead);
        assert_eq!(again(&seen(1), &listed(Vec::new(), false)), Life::Unknown);
    }
}
