//! Which account may do what: as the identity provider holds it, or as a pod that enforces it last heard. Enforces nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::lab::channel::Effect;
use crate::lab::lock::lock;
use crate::lab::shop::{ACCOUNT, PERMISSIONS};

/// The permissions of every account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Policy {
    accounts: BTreeMap<String, BTreeSet<String>>,
}

impl Default for Policy {
    /// As the shop is meant to be.
    fn default() -> Self {
        Self::granting(&PERMISSIONS.map(str::to_owned))
    }
}

impl Policy {
    /// Of the one account of the shop, which may do exactly this.
    pub(super) fn granting(held: &[String]) -> Self {
        let held = held.iter().cloned().collect();
        Self { accounts: BTreeMap::from([(ACCOUNT.to_owned(), held)]) }
    }

    /// Whether there is such an account.
    pub(super) fn knows(&self, account: &str) -> bool {
        self.accounts.contains_key(account)
    }

    /// Whether the account may do it.
    pub(super) fn permits(&self, account: &str, permission: &str) -> bool {
        self.accounts.get(account).is_some_and(|held| held.contains(permission))
    }

    /// Everything the account may do.
    pub(super) fn of(&self, account: &str) -> Vec<String> {
        self.accounts.get(account).into_iter().flatten().cloned().collect()
    }

    /// Without what the faults take away.
    fn without(&self, standing: &[(String, Effect)]) -> Self {
        let mut left = self.clone();
        for (_, effect) in standing {
            if let Effect::Revoke { account, permissions } = effect
                && let Some(held) = left.accounts.get_mut(account)
            {
                held.retain(|one| !permissions.is_empty() && !permissions.contains(one));
            }
        }
        left
    }
}

/// The policy as this pod knows it.
#[derive(Default)]
pub(super) struct Known {
    /// What is kept on disk; only the identity provider has it.
    source: Mutex<Option<Policy>>,
    now: watch::Sender<Option<Arc<Policy>>>,
}

impl Known {
    /// This pod is where the policy is held.
    pub(super) fn hold(&self, policy: Policy) {
        *lock(&self.source) = Some(policy);
        self.settle(&[]);
    }

    /// This pod has heard what the policy is; whether that was news.
    pub(super) fn hear(&self, policy: Policy) -> bool {
        self.now.send_if_modified(|now| {
            let news = now.as_deref() != Some(&policy);
            if news {
                *now = Some(Arc::new(policy));
            }
            news
        })
    }

    /// Exactly these faults stand from now on.
    pub(super) fn settle(&self, standing: &[(String, Effect)]) {
        if let Some(source) = &*lock(&self.source) {
            self.now.send_replace(Some(Arc::new(source.without(standing))));
        }
    }

    /// As it is now; none while nothing is known.
    pub(super) fn now(&self) -> Option<Arc<Policy>> {
        self.now.borrow().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_away_is_given_back_exactly() {
        let known = Known::default();
        known.settle(&[]);
        assert_eq!(known.now(), None);
        known.hold(Policy::default());
        let revoke = |key: &str, permissions: &[&str]| {
            let permissions = permissions.iter().map(|one| (*one).to_owned()).collect();
            (key.to_owned(), Effect::Revoke { account: ACCOUNT.to_owned(), permissions })
        };
        type Case<'a> = (&'a [(String, Effect)], &'a [&'a str]);
        let cases: &[Case<'_>] = &[
            (&[revoke("a", &["orders:create"])], &["products:read"]),
            (&[revoke("a", &["orders:create"]), revoke("b", &["products:read"])], &[]),
            (&[revoke("b", &["products:read"])], &["orders:create"]),
            (&[revoke("c", &[])], &[]),
            (&[], &["orders:create", "products:read"]),
        ];
        for (standing, left) in cases {
            known.settle(standing);
            assert_eq!(known.now().unwrap().of(ACCOUNT), *left, "{standing:?}");
        }
    }
}
