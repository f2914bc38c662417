//! A Kubernetes cluster as a target: seeing it, breaking it by Chaos Mesh or by its own API, and letting go of it whatever
//! happens. It knows no exercise but by ports.
//!
//! `connect` is the way to the API server · `name` says what everything of ours is called and how it is found again ·
//! `trouble` puts the client's errors in words · `scene` is what was seen, `survey` and `observer` see, `seen` is what an exercise
//! is told of it, `excluded` what is never touched · `chaos` is Chaos Mesh ·
//! `native` are the cluster's own means · `injector` chooses between them · `undo` is the way back · `journal`, `lease`, `reaper`
//! and `sweep` let go when this program cannot · `readiness` is a source of figures ·
//! `doctor` and `rbac` look before anything is done · `k6` makes load there.

pub mod access;
pub mod chaos;
pub mod connect;
pub mod doctor;
pub mod excluded;
pub mod halt;
pub mod injector;
pub mod instruments;
pub mod journal;
pub mod k6;
pub mod kinds;
pub mod lease;
pub mod moment;
pub mod name;
pub mod native;
pub mod observer;
pub mod ours;
pub mod patience;
pub mod rbac;
pub mod reach;
pub mod readiness;
pub mod reaper;
pub mod review;
pub mod scene;
pub mod seen;
pub mod step;
pub mod survey;
pub mod sweep;
pub mod trouble;
pub mod undo;
