//! What Chaos Mesh has nothing for, by the cluster's own API. `action` says what a fault needs, `draft` makes of an action and the
//! object it is about a `change`: one change with its way back; `carry` makes it, looks at it and takes it back. `resource` says
//! what kind of object it is, `edit` is one field with what stood there and what is to stand there, `verdict` who changed what,
//! `owner` who looks after an object or a pod, `certificate` one that has expired, `needs` which rights all of this takes, `ask`
//! talks to the server.

pub mod action;
mod ask;
pub mod carry;
mod certificate;
pub mod change;
mod draft;
pub mod edit;
pub mod needs;
pub mod owner;
pub mod resource;
mod verdict;
