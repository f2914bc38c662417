//! Looks, before anything is done, whether a game day can run on a cluster and be undone there. Changes nothing.
//!
//! `facts` is what was seen · `gather` sees it · `judge` says what it means, `finding` is one such sentence.

pub mod facts;
pub mod finding;
pub mod gather;
pub mod judge;
