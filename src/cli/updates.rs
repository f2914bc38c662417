//! The user's own template for status updates, from the configuration folder. Not the filling of it.

use std::sync::Arc;

use super::library::load_path;
use super::output::complain;
use crate::config::Folders;

/// It, where there is one that can be read.
pub(super) fn load(folders: &Folders) -> Option<Arc<str>> {
    let path = folders.updates();
    if !path.exists() {
        return None;
    }
    match load_path(&path) {
        Ok((text, _)) => Some(text.into()),
        Err(why) => {
            complain(&why);
            None
        }
    }
}
