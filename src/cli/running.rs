//! Which labs run on this machine, by their sockets. Not the talking to them.

use std::path::{Path, PathBuf};

use tokio::net::UnixStream;

use super::door::socket;

/// A lab that runs.
pub(super) struct Running {
    /// Its name.
    pub(super) id: String,
    /// Where it listens.
    pub(super) socket: PathBuf,
}

/// Every lab below `labs` that listens, by name.
pub(super) async fn running(labs: &Path) -> Vec<Running> {
    let mut found = Vec::new();
    let Ok(mut entries) = tokio::fs::read_dir(labs).await else { return found };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let name = entry.file_name();
        let Some(id) = name.to_str().and_then(|name| name.strip_prefix("lab-")) else { continue };
        let socket = socket(&entry.path());
        // One that died left its socket behind, and nobody listens there.
        if UnixStream::connect(&socket).await.is_ok() {
            found.push(Running { id: id.to_owned(), socket });
        }
    }
    found.sort_by(|one, other| one.id.cmp(&other.id));
    found
}
