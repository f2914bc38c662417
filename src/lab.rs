//! The lab: a small web shop of real processes, and the faults that are done to it. An adapter.
//!
//! `shop` is the plan · `pod` is what each process runs · `channel` is what they tell each other · `running` starts and
//! stops all of it, `supervise` keeps each pod alive, `crew` knows how all are, `failover` changes the primary ·
//! `injector` does and undoes faults: `parts` says what one means inside which pods, `look` sees whether it is felt,
//! `down`, `drain` and `hang` are about whole pods, `hold` is what keeps them away, `back` waits for them · `observe`
//! reads the instruments, `counted` tells what is new in them, `levers` repairs · `remains` clears up after a lab that died.

mod alone;
mod authority;
mod back;
mod backoff;
mod channel;
mod compare;
mod crew;
mod datafile;
mod down;
mod drain;
mod ending;
mod environment;
mod failover;
mod folder;
mod glance;
mod handshake;
mod hang;
mod hold;
mod injector;
mod inner;
mod integrity;
mod late;
mod levers;
mod lift;
mod line;
mod lock;
mod look;
mod observe;
mod observer;
mod outer;
mod parts;
mod peek;
pub mod pod;
mod process;
mod remains;
mod rollout;
mod running;
mod scale;
mod secured;
mod settings;
mod shop;
mod snapshot;
mod spawner;
mod supervise;
mod trace;
mod undo;
mod witness;

pub use alone::{addresses, run_alone};
pub use folder::Folder as Place;
pub use process::{Marked, orphans};
pub use remains::{Remains, clear_remains};
pub use running::{Lab, LabError, LabOptions, PodAddress};
pub use shop::{Role, topology_plan, traffic};
