//! Where things are kept on this machine, and what the environment says. Decides nothing.

pub mod cluster;
mod keys;
pub mod profile;
pub mod settings;

use std::path::{Path, PathBuf};

use etcetera::base_strategy::{BaseStrategy, Xdg};

/// Folders of this user.
#[derive(Clone, Debug)]
pub struct Folders {
    data: PathBuf,
    config: PathBuf,
}

impl Folders {
    /// For data `$GAMEDAY_DATA`, else `$XDG_DATA_HOME/gameday`, else `~/.local/share/gameday`; for configuration
    /// `$GAMEDAY_CONFIG`, else `$XDG_CONFIG_HOME/gameday`, else `~/.config/gameday`.
    ///
    /// # Errors
    /// When there is no home folder to begin from.
    pub fn find() -> Result<Self, String> {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let (data, config) = (set("GAMEDAY_DATA"), set("GAMEDAY_CONFIG"));
        let found = match Xdg::new() {
            Ok(strategy) => Self {
                data: strategy.data_dir().join("gameday"),
                config: strategy.config_dir().join("gameday"),
            },
            // Without a home the configuration is beside the data.
            Err(_) => data.as_ref().map(|data| Self::below(Path::new(data))).ok_or_else(|| {
                "no home folder: set GAMEDAY_DATA to a folder for recordings".to_owned()
            })?,
        };
        Ok(Self {
            data: data.map_or(found.data, PathBuf::from),
            config: config.map_or(found.config, PathBuf::from),
        })
    }

    /// Folders below `data`.
    pub fn below(data: &Path) -> Self {
        Self { data: data.to_owned(), config: data.join("config") }
    }

    /// The user's keymap, if there is one.
    pub fn keymap(&self) -> PathBuf {
        self.config.join("keys.yaml")
    }

    /// The user's settings, if there are any: profiles of monitoring, fences of clusters. Paths in it are from its folder.
    pub fn settings(&self) -> PathBuf {
        self.config.join("config.yaml")
    }

    /// The user's own themes.
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// The user's own template for status updates, if there is one.
    pub fn updates(&self) -> PathBuf {
        self.config.join("updates.md.j2")
    }

    /// What was chosen at the screen and is kept for the next start.
    pub fn memory(&self) -> PathBuf {
        self.data.join("state.json")
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

    /// What was typed at screens and is not yet written.
    pub fn drafts(&self) -> PathBuf {
        self.data.join("drafts")
    }

    /// How the panes of the screen are arranged.
    pub fn panes(&self) -> PathBuf {
        self.data.join("panes.yaml")
    }
}
