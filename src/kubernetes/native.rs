//! What Chaos Mesh has nothing for, by the cluster's own API. `action` says what a fault needs, `change` is one change with its way
//! back, `carry` makes it, looks at it and takes it back.

pub mod action;
pub mod carry;
pub mod change;
