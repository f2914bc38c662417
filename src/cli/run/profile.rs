//! What is meant of the file of settings: a profile of monitoring, or the fences of clusters. Not what is done with them.

use crate::config::Folders;
use crate::config::cluster::Fence;
use crate::config::profile::{Profile, Profiles};
use crate::config::settings::{self, Base, Settings};

/// The profile of this name, or the usual one; `None`: none is named, and none is usual.
///
/// # Errors
/// When there is none of this name, or the settings cannot be read; for people.
pub(super) fn profile(name: Option<&str>, folders: &Folders) -> Result<Option<Profile>, String> {
    match (read(folders)?, name) {
        (Some(settings), _) => {
            Ok(settings.profiles.choose(name)?.map(|(_, profile)| profile.clone()))
        }
        (None, None) => Ok(None),
        (None, Some(name)) => {
            let shown = folders.settings().display().to_string();
            Err(format!("--profile {name}: there is no file {shown}"))
        }
    }
}

/// Where exercises may go on clusters.
///
/// # Errors
/// When the settings cannot be read; for people.
pub(in crate::cli) fn fence(folders: &Folders) -> Result<Fence, String> {
    Ok(read(folders)?.map(|settings| settings.kubernetes).unwrap_or_default())
}

/// Every profile; `None`: there is no file of settings.
///
/// # Errors
/// When the settings cannot be read; for people.
pub(in crate::cli) fn all(folders: &Folders) -> Result<Option<Profiles>, String> {
    Ok(read(folders)?.map(|settings| settings.profiles))
}

/// Everything in the file; `None`: there is none.
fn read(folders: &Folders) -> Result<Option<Settings>, String> {
    let path = folders.settings();
    let shown = path.display().to_string();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("{shown}: {error}")),
    };
    let folder = path.parent().unwrap_or(&path);
    let home = std::env::var_os("HOME").map(std::path::PathBuf::from);
    let base = Base { folder, home: home.as_deref() };
    settings::whole(&text, base).map(Some).map_err(|problems| settings::told(&problems, &shown))
}
