//! How to get at the servers, from the arguments and the environment. Not the asking.

use crate::cli::args::Shown;
use crate::metrics::access::Access;
use crate::metrics::secret::{Auth, Credential, Secret};
use crate::metrics::trust::Identity;
use crate::metrics::unfit::Unfit;

const TOKEN: &str = "PROMETHEUS_TOKEN";
const PASSWORD: &str = "PROMETHEUS_PASSWORD";

/// The variables with addresses.
pub(super) const PROMETHEUS: &str = "PROMETHEUS_URL";
pub(in crate::cli) const ALERTMANAGER: &str = "ALERTMANAGER_URL";

/// Where the way to a server may be said, besides the environment.
pub(super) struct Said<'a> {
    /// The address that was typed.
    pub(super) typed: Option<&'a str>,
    /// What is shown to a server whose address was typed, or comes from the environment.
    pub(super) shown: &'a Shown,
    /// Whether a profile was named; what it says goes before the environment then.
    pub(super) named: bool,
    /// The way that the profile says.
    pub(super) of_profile: Option<Access>,
}

impl Said<'_> {
    /// The way that is meant: what was typed, what a profile says that is named, the `variable`, or the usual profile;
    /// `None`: none is.
    pub(super) fn way(self, variable: &str) -> Result<Option<Access>, String> {
        let given = |address: &str| to(address, self.shown, true).map(Some);
        if let Some(address) = self.typed.filter(|address| !address.trim().is_empty()) {
            return given(address);
        }
        if self.named && self.of_profile.is_some() {
            return Ok(self.of_profile);
        }
        match std::env::var(variable) {
            Ok(address) if !address.trim().is_empty() => given(&address),
            _ => Ok(self.of_profile),
        }
    }
}

/// The way to a server; `token`: that of the environment may be shown to it.
pub(in crate::cli) fn to(address: &str, shown: &Shown, token: bool) -> Result<Access, String> {
    let mut access = Access::to(address).map_err(|why| why.0)?;
    if let Some(auth) = auth(shown, token).map_err(|why| why.0)? {
        access.auth = auth;
    }
    access.authority = shown.ca_file.clone();
    access.identity = shown
        .cert_file
        .clone()
        .zip(shown.key_file.clone())
        .map(|(certificate, key)| Identity { certificate, key });
    if let Some(tenant) = &shown.tenant {
        access.headers.push(("X-Scope-OrgID".to_owned(), Secret::new(tenant.clone())));
    }
    for header in &shown.header {
        access.headers.push(named(header)?);
    }
    Ok(access)
}

/// Who asks; `None`: what the address says.
fn auth(shown: &Shown, token: bool) -> Result<Option<Auth>, Unfit> {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if let Some(user) = &shown.user {
        let password = match &shown.password_file {
            Some(file) => Credential::in_file(file),
            None => Credential::from_environment(PASSWORD)?,
        };
        return Ok(Some(Auth::Basic { user: user.clone(), password }));
    }
    if let Some(file) = &shown.token_file {
        return Ok(Some(Auth::Bearer(Credential::in_file(file))));
    }
    if token && set(TOKEN) {
        return Ok(Some(Auth::Bearer(Credential::from_environment(TOKEN)?)));
    }
    Ok(None)
}

/// A header whose value is in a variable.
fn named(header: &str) -> Result<(String, Secret), String> {
    let wrong = || "--header: write it as NAME=$VARIABLE; a value typed here would stand in the history of the shell";
    let (name, variable) = header.split_once('=').ok_or_else(wrong)?;
    let variable = variable.strip_prefix('$').ok_or_else(wrong)?;
    let value = std::env::var(variable)
        .map_err(|_| format!("--header {name}: the variable {variable} is not set"))?;
    Ok((name.to_owned(), Secret::new(value)))
}
