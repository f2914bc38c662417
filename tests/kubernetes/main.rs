//! Kubernetes from outside: against an API server in this process, or, with `KUBECONFIG` and `GAMEDAY_E2E=1`, against a real one, in
//! namespaces of our own only.

mod api;
mod chaos;
mod doctor;
mod fake;
mod import;
mod letting_go;
mod load;
mod native;
mod player;
mod proxy;
mod shop;
mod stage;
mod target;
