//! How to get at the monitoring of one place: a name for addresses, credentials and what is watched there. Not the file that
//! says so (see `settings`).

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::gameday::problem::suggestion;
use crate::gameday::text::printable;
use crate::metrics::access::Access;

/// How to get at the monitoring of one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Prometheus, or what speaks as it does.
    pub prometheus: Option<Access>,
    /// Alertmanager.
    pub alertmanager: Option<Access>,
    /// The file that says what is watched.
    pub watch: Option<PathBuf>,
}

/// Every profile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profiles {
    all: BTreeMap<String, Profile>,
    usual: Option<String>,
}

impl Profiles {
    /// Puts them together; `usual` is the name of the one that is taken where nobody names any.
    pub fn new(all: BTreeMap<String, Profile>, usual: Option<String>) -> Self {
        Self { all, usual }
    }

    /// Their names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str)
    }

    /// The profile of this name, or the usual one where none is named; `None`: none is named, and none is usual.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn choose(&self, name: Option<&str>) -> Result<Option<(&str, &Profile)>, String> {
        let Some(name) = name.or(self.usual.as_deref()) else { return Ok(None) };
        if let Some((name, profile)) = self.all.get_key_value(name) {
            return Ok(Some((name, profile)));
        }
        let shown = printable(name, 60);
        let names: Vec<&str> = self.names().collect();
        Err(match suggestion(&shown, &names) {
            mend if mend.is_empty() => format!("there is no profile \"{shown}\", nor any other"),
            mend => format!("there is no profile \"{shown}\": {mend}"),
        })
    }
}
