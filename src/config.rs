//! Where things are kept on this machine, and what the environment says. Decides nothing.

use std::path::{Path, PathBuf};

use etcetera::base_strategy::{BaseStrategy, Xdg};

/// Folders of this user.
#[derive(Clone, Debug)]
pub struct Folders {
    data: PathBuf,
}

impl Folders {
    /// `$GAMEDAY_DATA`, else `$XDG_DATA_HOME/gameday`, else `~/.local/share/gameday`.
    ///
    /// # Errors
    /// When there is no home folder to begin from.
    pub fn find() -> Result<Self, String> {
        if let Some(data) = std::env::var_os("GAMEDAY_DATA").filter(|value| !value.is_empty()) {
            return Ok(Self { data: PathBuf::from(data) });
        }
        let strategy = Xdg::new().map_err(|_| {
            "no home folder: set GAMEDAY_DATA to a folder for recordings".to_owned()
        })?;
        Ok(Self { data: strategy.data_dir().join("gameday") })
    }

    /// Folders below `data`.
    pub fn below(data: &Path) -> Self {
        Self { data: data.to_owned() }
    }

    /// One recording per exercise, with its reports.
    pub fn recordings(&self) -> PathBuf {
        self.data.join("recordings")
    }

    /// The user's own game days.
    pub fn gamedays(&self) -> PathBuf {
        self.data.join("gamedays")
    }

    /// What running labs keep.
    pub fn labs(&self) -> PathBuf {
        self.data.join("labs")
    }

    /// How the panes of the screen are arranged.
    pub fn panes(&self) -> PathBuf {
        self.data.join("panes.yaml")
    }
}
