//! Secrets and where they come from. They are shown to servers and to nobody else: not in errors, not in logs, not in what
//! is written for debugging.

use std::fmt;
use std::path::{Path, PathBuf};

use super::unfit::Unfit;
use crate::exercise::said::{Said, said};
use crate::gameday::text::plain;

/// No secret is longer.
const LONGEST: usize = 64 * 1024;

/// A text that nobody sees.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the server alone.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A secret, or the file it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// From a variable of the environment.
    Environment { name: String, value: Secret },
    /// In a file, which is read afresh for every question: tokens are replaced while programs run.
    File(PathBuf),
    /// Written in an address.
    Address(Secret),
}

impl Credential {
    /// What the variable `name` of the environment holds.
    ///
    /// # Errors
    /// When there is no such variable, or nothing in it that could be shown.
    pub fn from_environment(name: &str) -> Result<Self, Unfit> {
        Self::looked_up(name, |name| std::env::var(name).ok())
    }

    /// The same with another environment.
    ///
    /// # Errors
    /// When there is no such variable, or nothing in it that could be shown.
    pub fn looked_up(name: &str, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Unfit> {
        let shown = plain(name);
        let value = lookup(name).ok_or_else(|| {
            Unfit(format!("the variable {shown} is not set: set it, or name another"))
        })?;
        let value = usable(value).map_err(|why| Unfit(format!("the variable {shown} {why}")))?;
        Ok(Self::Environment { name: shown, value })
    }

    /// What stands in a file.
    pub fn in_file(path: impl AsRef<Path>) -> Self {
        Self::File(path.as_ref().to_owned())
    }

    /// The secret now; or why it cannot be had.
    pub(super) async fn read(&self) -> Result<Secret, String> {
        match self {
            Self::Environment { value, .. } | Self::Address(value) => Ok(value.clone()),
            Self::File(path) => {
                let shown = plain(&path.display().to_string());
                let text = match tokio::fs::metadata(path).await {
                    Ok(about) if about.len() > LONGEST as u64 => {
                        return Err(format!("{shown} is too long for a secret"));
                    }
                    _ => tokio::fs::read_to_string(path).await,
                };
                let text = text.map_err(|error| format!("{shown}: {error}"))?;
                usable(text).map_err(|why| format!("{shown} {why}"))
            }
        }
    }

    /// Where it is from.
    pub(super) fn said(&self) -> Said {
        match self {
            Self::Environment { name, .. } => {
                said!("source-of-environment", "what is in ${name}", name = name)
            }
            Self::File(path) => {
                let path = plain(&path.display().to_string());
                said!("source-of-file", "what is in {path}", path = path)
            }
            Self::Address(_) => said!("source-of-address", "what is in the address"),
        }
    }
}

/// A secret without the blanks around it, if a header can carry it; or why not.
fn usable(text: String) -> Result<Secret, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Err("is empty");
    }
    if text.len() > LONGEST {
        return Err("is too long for a secret");
    }
    if !text.chars().all(|c| c == '\t' || !c.is_control()) {
        return Err("holds more than one line, or characters that cannot be sent");
    }
    Ok(Secret(text.to_owned()))
}

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// Nobody in particular.
    #[default]
    Nobody,
    /// A user with a password.
    Basic { user: String, password: Credential },
    /// Whoever bears the token.
    Bearer(Credential),
}

impl Auth {
    /// What is shown to the server, in words.
    pub(super) fn said(&self) -> Said {
        match self {
            Self::Nobody => said!("source-as-nobody", "nothing"),
            Self::Basic { user, password } => said!(
                "source-as-user",
                "the user {user} and as password {what}",
                user = plain(user),
                what = password.said()
            ),
            Self::Bearer(token) => {
                said!("source-as-bearer", "as token {what}", what = token.said())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_seen() {
        let held = Credential::looked_up("TOKEN", |_| Some(" s3cret\n".to_owned())).unwrap();
        let Credential::Environment { value, .. } = &held else { panic!("{held:?}") };
        assert_eq!(value.reveal(), "s3cret");
        let basic = Auth::Basic { user: "aiko".to_owned(), password: held.clone() };
        for auth in [Auth::Bearer(held), basic, Auth::Nobody] {
            let seen = format!("{auth:?} {auth:#?} {}", auth.said());
            assert!(!seen.contains("s3cret"), "{seen}");
        }
    }

    #[test]
    fn what_cannot_be_a_secret_is_refused_without_being_shown() {
        for (value, word) in [
            (None, "is not set"),
            (Some("  \n"), "is empty"),
            (Some("s3cret\nX-Evil: 1"), "more than one line"),
            (Some("s3cret\u{7f}"), "cannot be sent"),
        ] {
            let why = Credential::looked_up("TOKEN", |_| value.map(str::to_owned)).unwrap_err();
            assert!(why.0.contains(word) && why.0.contains("TOKEN"), "{why}");
            assert!(!why.0.contains("s3cret"), "{why}");
        }
    }
}
