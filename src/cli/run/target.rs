//! What is exercised: the lab, or a part of a cluster. What each is made of is in the files beside this one.

mod bench;
pub(super) mod cluster;
mod lab;

use std::sync::Arc;

pub(super) use self::bench::{Bench, Beside};
use self::cluster::Reached;
use crate::config::Folders;
use crate::engine::Bringing;
use crate::exercise::header::Header;
use crate::port::clock::Clock;

impl Bench {
    /// A future that brings the target up: what was reached, or else the lab.
    ///
    /// # Errors
    /// When this program cannot find itself: every pod of the lab is a process of it.
    pub(super) fn bring(
        &self,
        header: &Header,
        folders: &Folders,
        clock: Arc<dyn Clock>,
        beside: Beside,
        reached: Option<Reached>,
    ) -> Result<Bringing, String> {
        match reached {
            Some(reached) => Ok(self.bring_cluster(header, reached, folders.labs(), clock, beside)),
            None => self.bring_lab(header, folders, clock, beside),
        }
    }
}
