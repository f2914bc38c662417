//! Chaos Mesh: experiments as its objects. `manifest` writes them, `rules` refuses what its webhooks miss, `verdict` reads how they
//! are, `carry` places them and lets go, `placed` is one that may be there.

pub mod carry;
pub mod manifest;
pub mod placed;
pub mod rules;
pub mod verdict;
