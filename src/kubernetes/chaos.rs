//! Chaos Mesh: experiments as its objects. `manifest` writes them, `rules` refuses what its webhooks miss, `verdict` reads how they
//! are, `carry` places them and lets go, `placed` is one that may be there, `object` one that is to be.
//!
//! `kinds` is the table of its kinds · `period` reads Go's durations, `bound` says how long a fault may outlive us · `pod` reads
//! what is needed of a pod · `choose` finds whom a selector means · `ladder` says what comes next where a fault does not let go.

pub mod bound;
pub mod carry;
pub mod choose;
pub mod kinds;
pub mod ladder;
pub mod manifest;
pub mod object;
pub mod placed;
pub mod pod;
pub mod rules;
pub mod verdict;
