//! The account of every promise, kept up as seconds come in, so that no frame adds up hours. Not the arithmetic.

use std::borrow::Cow;

use crate::exercise::budget::Account;
use crate::exercise::state::State;

/// One account for each SLO of the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger(Vec<Account>);

impl Ledger {
    /// Takes in what is new.
    pub fn catch_up(&mut self, state: &State) {
        let slos = &state.plan().slos;
        let same = self.0.len() == slos.len()
            && self.0.iter().zip(slos).all(|(account, slo)| *account.limit() == slo.limit);
        if !same {
            self.0 = slos.iter().map(|slo| Account::new(&slo.limit)).collect();
        }
        for account in &mut self.0 {
            account.catch_up(state.figures());
        }
    }

    /// Itself, or where it is behind, one that is not.
    pub fn current(&self, state: &State) -> Cow<'_, Self> {
        let slos = &state.plan().slos;
        let current = self.0.len() == slos.len()
            && self.0.iter().zip(slos).all(|(account, slo)| {
                *account.limit() == slo.limit && account.is_current(state.figures())
            });
        if current {
            return Cow::Borrowed(self);
        }
        let mut own = self.clone();
        own.catch_up(state);
        Cow::Owned(own)
    }

    /// The accounts, in the order of the plan.
    pub fn accounts(&self) -> &[Account] {
        &self.0
    }
}
