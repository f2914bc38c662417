//! How to get at the servers, from the arguments and the environment. Not the asking.

use crate::cli::args::{Shown, Watch};
use crate::metrics::access::Access;
use crate::metrics::secret::{Auth, Credential, Secret};
use crate::metrics::trust::Identity;
use crate::metrics::unfit::Unfit;

const TOKEN: &str = "PROMETHEUS_TOKEN";
const PASSWORD: &str = "PROMETHEUS_PASSWORD";

/// The way to the Prometheus that is meant.
pub(super) fn prometheus(args: &Watch) -> Result<Access, String> {
    let address = args.prometheus.as_deref().filter(|address| !address.trim().is_empty());
    let address = address.ok_or(
        "say what to watch: --prometheus http://HOST:9090, or the variable PROMETHEUS_URL",
    )?;
    to(address, &args.shown, true)
}

/// The way to the Alertmanager, where one is meant.
pub(super) fn alertmanager(args: &Watch) -> Result<Option<Access>, String> {
    let address = args.alertmanager.as_deref().filter(|address| !address.trim().is_empty());
    address.map(|address| to(address, &args.shown, true)).transpose()
}

/// The way to a server; `token`: that of the environment may be shown to it.
pub(super) fn to(address: &str, shown: &Shown, token: bool) -> Result<Access, String> {
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
