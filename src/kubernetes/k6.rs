//! Load from the cluster: `TestRun`s of the k6 operator. An adapter of the load port.
//!
//! `legs` are the curves that one run follows one after the other, `script` says them to k6, `objects` are what is placed for it ·
//! `course` decides which run there has to be now · `stage` and `verdict` read how one is and what became of it · `figures` makes
//! samples of what Prometheus was written · `carry` does what has to be done at the API server, `generator` when,
//! `settings` what it has to know.
//!
//! k6 cannot change its rate once it runs. Where the exercise asks for another one (a hold, a rate by hand, a phase made longer) a
//! new run takes the place of the one before as soon as it has started; people are told so.

pub mod carry;
pub mod course;
pub mod figures;
pub mod generator;
pub mod legs;
pub mod objects;
pub mod script;
pub mod settings;
pub mod stage;
pub mod verdict;
