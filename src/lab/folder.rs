//! The folder of one lab, and the clearing away of folders whose lab is gone. Knows nothing of what is inside.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::process;

const OWNER: &str = "owner.json";

/// Who a folder belongs to.
#[derive(Serialize, Deserialize)]
struct Owner {
    pid: u32,
    started: u64,
}

/// A lab's folder; removed when this is dropped.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder of a lab below `data_dir`, after removing those of labs whose process is gone.
    ///
    /// # Errors
    /// When it is there already, or cannot be made.
    pub fn create(data_dir: &Path, lab_id: &str) -> io::Result<Self> {
        fs::create_dir_all(data_dir)?;
        sweep(data_dir);
        let path = data_dir.join(format!("lab-{lab_id}"));
        fs::create_dir(&path)?;
        let folder = Self { path };
        let pid = std::process::id();
        let owner = Owner { pid, started: process::started(pid) };
        fs::write(folder.path.join(OWNER), serde_json::to_vec(&owner)?)?;
        Ok(folder)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed now is removed at the next start.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn sweep(data_dir: &Path) {
    let Ok(entries) = fs::read_dir(data_dir) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let is_lab = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with("lab-"));
        let owner = fs::read(path.join(OWNER)).ok();
        let owner = owner.and_then(|text| serde_json::from_slice::<Owner>(&text).ok());
        // A folder without an owner may be one that is being made.
        if let Some(owner) = owner.filter(|_| is_lab)
            && !(process::alive(owner.pid) && process::started(owner.pid) == owner.started)
        {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_dead_labs_go_and_others_stay() {
        let data = tempfile::tempdir().unwrap();
        let ours = Folder::create(data.path(), "ours").unwrap();
        for (name, owner) in [
            ("lab-dead", r#"{"pid":4194305,"started":1}"#),
            ("lab-reused-id", &format!(r#"{{"pid":{},"started":1}}"#, std::process::id())),
            ("other-dead", r#"{"pid":4194305,"started":1}"#),
            ("lab-torn", "{"),
        ] {
            fs::create_dir(data.path().join(name)).unwrap();
            fs::write(data.path().join(name).join(OWNER), owner).unwrap();
        }
        sweep(data.path());
        let left = |name: &str| data.path().join(name).exists();
        assert!(left("lab-ours") && left("other-dead") && left("lab-torn"));
        assert!(!left("lab-dead"));
        assert!(!left("lab-reused-id") || !cfg!(target_os = "linux"));
        drop(ours);
        assert!(!left("lab-ours"));
    }
}
