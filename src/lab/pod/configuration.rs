//! The configuration file of a pod: made at the first start, read at every start and whenever it changes. What its values
//! mean is `settings`'. In a container it can be a folder with a file for each setting, as a ConfigMap is mounted.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::lab::channel::PodSpec;
use crate::lab::lock::lock;
use crate::lab::settings::{Values, changed, of_environment, read, template};

/// So often the file is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Changes that somebody made, by key.
type Changes = Vec<(String, BTreeMap<String, String>)>;

/// The settings of a pod as they are.
pub(super) struct Configuration {
    spec: PodSpec,
    environment: BTreeMap<String, String>,
    file: PathBuf,
    /// The file as it was before the first change; it is there only while there are changes.
    original: PathBuf,
    values: Mutex<Values>,
    changes: Mutex<Changes>,
}

impl Configuration {
    /// Reads the pod's file; makes it where there is none. A change that its process did not survive is undone.
    ///
    /// # Errors
    /// When the file cannot be made or read, or says something nobody understands.
    pub(super) fn open(spec: &PodSpec) -> io::Result<Arc<Self>> {
        let folder = spec.folder.join(&spec.name);
        std::fs::create_dir_all(&folder)?;
        let file = folder.join("config.yaml");
        let original = folder.join("config.yaml.original");
        let values = Values::new(&spec.defences);
        if original.exists() {
            std::fs::rename(&original, &file)?;
        } else if !file.exists() {
            std::fs::write(&file, template(spec.role, &values))?;
        }
        let configuration = Self {
            spec: spec.clone(),
            environment: of_environment(std::env::vars()),
            file,
            original,
            values: Mutex::new(values),
            changes: Mutex::default(),
        };
        configuration.read_again()?;
        Ok(Arc::new(configuration))
    }

    /// What the settings say.
    pub(super) fn values(&self) -> Values {
        *lock(&self.values)
    }

    /// Changes the file, until the guard is dropped: then it is what it was, to the byte, but for the changes of others.
    ///
    /// # Errors
    /// When the file cannot be written, or not be read after that.
    pub(super) fn change(
        self: &Arc<Self>,
        key: &str,
        set: &BTreeMap<String, String>,
    ) -> Result<Changed, String> {
        let mut changes = lock(&self.changes);
        changes.retain(|(other, _)| other != key);
        changes.push((key.to_owned(), set.clone()));
        let guard = Changed { configuration: Arc::clone(self), key: key.to_owned() };
        let written = self.write(&changes);
        drop(changes);
        // Dropping the guard takes a change back that did not work.
        written.map(|()| guard).map_err(|error| format!("{}: {error}", self.file.display()))
    }

    fn take_back(&self, key: &str) {
        let mut changes = lock(&self.changes);
        changes.retain(|(other, _)| other != key);
        // Where it does not work the file stays changed, which is looked at afterwards.
        let _ = self.write(&changes);
    }

    /// Writes the file as it has to be with all changes, and reads it.
    fn write(&self, changes: &Changes) -> io::Result<()> {
        if changes.is_empty() {
            if self.original.exists() {
                std::fs::rename(&self.original, &self.file)?;
            }
        } else {
            if !self.original.exists() {
                std::fs::copy(&self.file, &self.original)?;
            }
            let mut text = std::fs::read_to_string(&self.original)?;
            for (_, set) in changes {
                text = changed(&text, set);
            }
            replace(&self.file, &text)?;
        }
        self.read_again()
    }

    fn read_again(&self) -> io::Result<()> {
        self.take(&text_of(&self.file)?)
    }

    fn take(&self, text: &str) -> io::Result<()> {
        let PodSpec { role, defences, .. } = &self.spec;
        let values = read(*role, defences, text, &self.environment)
            .map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))?;
        *lock(&self.values) = values;
        Ok(())
    }

    /// Takes what the file says whenever somebody has changed it, for ever. What nobody understands changes nothing.
    pub(super) async fn follow(self: Arc<Self>) {
        let mut tick = tokio::time::interval(LOOK);
        let mut seen = None;
        loop {
            tick.tick().await;
            let now = text_of(&self.file).ok();
            if now.is_some() && now != seen {
                let _ = now.as_deref().map(|text| self.take(text));
                seen = now;
            }
        }
    }
}

/// The text of the file; of a folder that of all its files, each of which is the value of the setting it is named after.
fn text_of(file: &Path) -> io::Result<String> {
    if !file.is_dir() {
        return std::fs::read_to_string(file);
    }
    let mut set = BTreeMap::new();
    for entry in std::fs::read_dir(file)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // What a ConfigMap's files are links into begins with dots.
        if !name.starts_with('.') {
            let value = std::fs::read_to_string(file.join(&name))?;
            set.insert(name, value.trim().to_owned());
        }
    }
    Ok(changed("", &set))
}

/// The file changes at once, or not at all.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let next = file.with_extension("yaml.next");
    std::fs::write(&next, text)?;
    std::fs::rename(&next, file)
}

/// A change of the configuration; it lasts as long as this.
pub(super) struct Changed {
    configuration: Arc<Configuration>,
    key: String,
}

impl Drop for Changed {
    fn drop(&mut self) {
        self.configuration.take_back(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::defence::Defences;
    use crate::lab::shop::Role;

    #[test]
    fn changes_are_taken_back_to_the_byte_in_any_order_and_after_a_death() {
        let folder = tempfile::tempdir().unwrap();
        let spec = PodSpec {
            lab_id: "lab".to_owned(),
            name: "web-app-1".to_owned(),
            role: Role::Web,
            parent_pid: 1,
            folder: folder.path().to_owned(),
            port: 0,
            secure_port: 0,
            seed: 1,
            defences: Defences::resilient(),
        };
        let file = folder.path().join("web-app-1/config.yaml");
        let set = |key: &str, value: &str| BTreeMap::from([(key.to_owned(), value.to_owned())]);
        Configuration::open(&spec).unwrap();
        let mut bytes = std::fs::read(&file).unwrap();
        bytes.extend(b"# by hand, without a line end");
        std::fs::write(&file, &bytes).unwrap();

        let configuration = Configuration::open(&spec).unwrap();
        let before = configuration.values();
        let first = configuration.change("a", &set("maintenance", "on")).unwrap();
        let second = configuration.change("b", &set("cache_timeout", "1ms")).unwrap();
        assert!(configuration.change("c", &set("cache_timeout", "soon")).is_err());
        let both = configuration.values();
        assert!(both.maintenance && both.cache_timeout == Duration::from_millis(1));
        drop(first);
        assert!(!configuration.values().maintenance);
        assert_ne!(std::fs::read(&file).unwrap(), bytes);
        drop(second);
        assert_eq!(std::fs::read(&file).unwrap(), bytes);
        assert_eq!(configuration.values(), before);

        // A process that is killed drops nothing.
        let _alive = configuration.change("d", &set("maintenance", "on")).unwrap();
        let next = Configuration::open(&spec).unwrap();
        assert_eq!((std::fs::read(&file).unwrap(), next.values()), (bytes, before));
    }
}
