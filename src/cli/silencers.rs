//! Who lifts the silences of an exercise that died: the server that its recording names, with the credentials that belong to
//! it here. Not the lifting.

use std::sync::Arc;

use super::args::Shown;
use super::run::access::{self, ALERTMANAGER};
use super::run::profile;
use crate::config::Folders;
use crate::exercise::said::Said;
use crate::metrics::access::Access;
use crate::metrics::alertmanager::Alertmanager;
use crate::port::alerts::{Silencer, Silencers};

/// Finds them by the environment and the profiles.
pub(super) struct Known<'a>(pub(super) &'a Folders);

impl Known<'_> {
    /// Every way to an Alertmanager that is known here, without those that cannot be used.
    fn ways(&self) -> Vec<Access> {
        let variable = std::env::var(ALERTMANAGER).unwrap_or_default();
        let given = access::to(&variable, &Shown::default(), true).ok();
        let profiles = profile::all(self.0).ok().flatten();
        let names =
            profiles.iter().flat_map(|all| all.names().map(move |name| all.choose(Some(name))));
        let of_profiles = names.filter_map(|one| one.ok().flatten()?.1.alertmanager.clone());
        given.into_iter().chain(of_profiles).collect()
    }
}

impl Silencers for Known<'_> {
    fn at(&self, server: &str) -> Result<Arc<dyn Silencer>, Said> {
        let same = |access: &Access| access.address.shown() == server;
        // A recording says where to, and not that anything secret may be shown there.
        let way = match self.ways().into_iter().find(same) {
            Some(way) => way,
            None => Access::to(server).map_err(|why| Said::from(why.0))?,
        };
        let alertmanager = Alertmanager::new(&way).map_err(|why| Said::from(why.0))?;
        Ok(Arc::new(alertmanager))
    }
}
