//! The settings that a pod's configuration file may hold: which ones a role has, what they say when nobody changed them,
//! what a value means. Pure; the file is `pod::configuration`'s.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use super::shop::Role;
use crate::gameday::defence::{Defence, Defences};

/// What the names of settings begin with in the environment.
const PREFIX: &str = "SHOP_";

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    WebTimeout,
    BackendTimeout,
    CacheTimeout,
    DatabaseTimeout,
    PageSize,
    Maintenance,
    LogLevel,
}

impl Key {
    const fn name(self) -> &'static str {
        match self {
            Self::WebTimeout => "web_timeout",
            Self::BackendTimeout => "backend_timeout",
            Self::CacheTimeout => "cache_timeout",
            Self::DatabaseTimeout => "database_timeout",
            Self::PageSize => "page_size",
            Self::Maintenance => "maintenance",
            Self::LogLevel => "log_level",
        }
    }

    const fn about(self) -> &'static str {
        match self {
            Self::WebTimeout => "how long one try of a call to web-app may take",
            Self::BackendTimeout => "how long one try of a call to backend-service may take",
            Self::CacheTimeout => "how long a call to cache-service may take",
            Self::DatabaseTimeout => "how long a call to the database may take",
            Self::PageSize => "how many products stand on a page at most",
            Self::Maintenance => "on: every request is refused with 503",
            Self::LogLevel => "info, or debug: a line on stderr for each request",
        }
    }
}

const fn keys(role: Role) -> &'static [Key] {
    match role {
        Role::Gateway => &[Key::WebTimeout, Key::Maintenance, Key::LogLevel],
        Role::Web => &[Key::BackendTimeout, Key::CacheTimeout, Key::Maintenance, Key::LogLevel],
        Role::Backend => &[Key::DatabaseTimeout, Key::PageSize, Key::Maintenance, Key::LogLevel],
        _ => &[],
    }
}

/// What the settings of a pod say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Values {
    /// How long one try of a call to web-app may take.
    pub web_timeout: Duration,
    /// How long one try of a call to the backend may take.
    pub backend_timeout: Duration,
    /// How long the cache may take.
    pub cache_timeout: Duration,
    /// How long the database may take.
    pub database_timeout: Duration,
    /// How many products stand on a page at most.
    pub page_size: usize,
    /// Whether every request is refused.
    pub maintenance: bool,
    /// Whether each request is told on stderr.
    pub debug: bool,
}

impl Values {
    /// Before anybody changed anything. Without the defence no call is cut short.
    pub(super) fn new(defences: &Defences) -> Self {
        let limit = |millis| {
            let millis = if defences.has(Defence::Timeouts) { millis } else { 30_000 };
            Duration::from_millis(millis)
        };
        Self {
            web_timeout: limit(2_000),
            backend_timeout: limit(1_500),
            cache_timeout: limit(250),
            database_timeout: limit(1_300),
            page_size: 100,
            maintenance: false,
            debug: false,
        }
    }

    fn show(&self, key: Key) -> String {
        let time = |time: Duration| humantime::format_duration(time).to_string();
        match key {
            Key::WebTimeout => time(self.web_timeout),
            Key::BackendTimeout => time(self.backend_timeout),
            Key::CacheTimeout => time(self.cache_timeout),
            Key::DatabaseTimeout => time(self.database_timeout),
            Key::PageSize => self.page_size.to_string(),
            Key::Maintenance => if self.maintenance { "on" } else { "off" }.to_owned(),
            Key::LogLevel => if self.debug { "debug" } else { "info" }.to_owned(),
        }
    }

    fn set(&mut self, key: Key, text: &str) -> Result<(), String> {
        let wrong = |wanted: &str| format!("{}: {text:?} is no {wanted}", key.name());
        let time = || humantime::parse_duration(text).map_err(|_| wrong("time, such as 250ms"));
        match key {
            Key::WebTimeout => self.web_timeout = time()?,
            Key::BackendTimeout => self.backend_timeout = time()?,
            Key::CacheTimeout => self.cache_timeout = time()?,
            Key::DatabaseTimeout => self.database_timeout = time()?,
            Key::PageSize => {
                self.page_size = text.parse().map_err(|_| wrong("number of products"))?;
            }
            Key::Maintenance => match text {
                "on" | "true" => self.maintenance = true,
                "off" | "false" => self.maintenance = false,
                _ => return Err(wrong("switch; write on or off")),
            },
            Key::LogLevel => match text {
                "debug" => self.debug = true,
                "info" => self.debug = false,
                _ => return Err(wrong("level; write info or debug")),
            },
        }
        Ok(())
    }
}

/// The name of a setting as the file has it: `MAINTENANCE` and `SHOP_MAINTENANCE` mean the same.
pub(super) fn file_name(name: &str) -> String {
    name.strip_prefix(PREFIX).unwrap_or(name).to_ascii_lowercase()
}

/// The name of a setting as the environment has it.
pub(super) fn environment_name(name: &str) -> String {
    format!("{PREFIX}{}", file_name(name).to_ascii_uppercase())
}

/// Whether pods of this role have these settings, and can read the values.
///
/// # Errors
/// What is wrong, as a sentence for people.
pub(super) fn check(role: Role, set: &BTreeMap<String, String>) -> Result<(), String> {
    if set.is_empty() {
        return Err("name a setting and its value under `set`".to_owned());
    }
    let mut values = Values::new(&Defences::resilient());
    let before = values;
    read_into(&mut values, role, set)?;
    if values == before {
        return Err("these are the values that are set already, so nobody would feel it".to_owned());
    }
    Ok(())
}

/// The text of the file before anybody changed it.
pub(super) fn template(role: Role, values: &Values) -> String {
    let mut text =
        "# The settings of this pod. They are read again when this file changes.\n".to_owned();
    for key in keys(role) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n# {}", key.about());
        let _ = writeln!(text, "{}: {}", key.name(), quoted(&values.show(*key)));
    }
    text
}

/// The text of the file with these settings changed; everything else stays as it is.
pub(super) fn changed(text: &str, set: &BTreeMap<String, String>) -> String {
    let named = |line: &str| {
        let name = line.split_once(':')?.0.trim();
        set.iter().find(|(key, _)| file_name(key) == name)
    };
    let mut changed = String::with_capacity(text.len());
    let mut left = set.clone();
    for line in text.lines() {
        match named(line) {
            Some((key, value)) => {
                left.remove(key);
                let _ = writeln!(changed, "{}: {}", file_name(key), quoted(value));
            }
            None => changed.extend([line, "\n"]),
        }
    }
    for (key, value) in left {
        let _ = writeln!(changed, "{}: {}", file_name(&key), quoted(&value));
    }
    changed
}

/// What a file, and on top of it the environment, say.
///
/// # Errors
/// What cannot be read.
pub(super) fn read(
    role: Role,
    defences: &Defences,
    text: &str,
    environment: &BTreeMap<String, String>,
) -> Result<Values, String> {
    let file: Option<BTreeMap<String, String>> =
        serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    let mut values = Values::new(defences);
    read_into(&mut values, role, &file.unwrap_or_default())?;
    read_into(&mut values, role, environment)?;
    Ok(values)
}

/// Takes what belongs to the settings out of an environment.
pub(super) fn of_environment(
    variables: impl Iterator<Item = (String, String)>,
) -> BTreeMap<String, String> {
    variables.filter(|(name, _)| name.starts_with(PREFIX)).collect()
}

fn read_into(
    values: &mut Values,
    role: Role,
    set: &BTreeMap<String, String>,
) -> Result<(), String> {
    for (name, value) in set {
        let name = file_name(name);
        let Some(key) = keys(role).iter().find(|key| key.name() == name) else {
            let known: Vec<_> = keys(role).iter().map(|key| key.name()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(format!("{} has no setting {name:?}; it has {known}", role.app()));
        };
        values.set(*key, value)?;
    }
    Ok(())
}

/// As a YAML string, whatever is in it.
fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_file_says_what_was_set_and_nothing_else() {
        for defences in [Defences::resilient(), Defences::fragile()] {
            for role in [Role::Gateway, Role::Web, Role::Backend, Role::Cache] {
                let values = Values::new(&defences);
                let text = template(role, &values);
                assert_eq!(read(role, &defences, &text, &set(&[])), Ok(values), "{text}");
            }
        }
        let defences = Defences::resilient();
        let text = template(Role::Backend, &Values::new(&defences));
        let worse = changed(&text, &set(&[("DATABASE_TIMEOUT", "1ms"), ("page_size", "2")]));
        assert_eq!(text.lines().count(), worse.lines().count(), "{worse}");
        let values = read(Role::Backend, &defences, &worse, &set(&[("SHOP_PAGE_SIZE", "3")]));
        let expected = Values {
            database_timeout: Duration::from_millis(1),
            page_size: 3,
            ..Values::new(&defences)
        };
        assert_eq!(values, Ok(expected));
        assert_eq!(environment_name("page_size"), "SHOP_PAGE_SIZE");
        let half = changed("# a remark\n", &set(&[("page_size", "2")]));
        assert_eq!(half, "# a remark\npage_size: \"2\"\n");
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_the_reason() {
        let cases = [
            (
                Role::Web,
                &[("page_size", "3")][..],
                "web-app has no setting \"page_size\"; it has backend_timeout",
            ),
            (Role::Backend, &[("page_size", "many")], "is no number"),
            (Role::Backend, &[("database_timeout", "soon")], "is no time"),
            (Role::Web, &[("maintenance", "maybe")], "write on or off"),
            (Role::Cache, &[("log_level", "debug")], "it has none"),
            (Role::Web, &[("maintenance", "off")], "nobody would feel it"),
            (Role::Web, &[], "under `set`"),
        ];
        for (role, pairs, expected) in cases {
            let error = check(role, &set(pairs)).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        assert_eq!(check(Role::Web, &set(&[("MAINTENANCE", "on")])), Ok(()));
    }
}
