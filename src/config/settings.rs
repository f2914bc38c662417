//! The file of settings, `config.yaml`: profiles, which of them is the usual one, and where exercises may go on clusters. Strict, and it says everything that is
//! wrong at once, by line and column; but it never repeats a value or a line of the file, since a secret may stand there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::cluster::{self, Fence};
use super::keys::{entries, find, line, only, text, wrong};
use super::profile::{Profile, Profiles};
use crate::gameday::node::{self, Key, Node};
use crate::gameday::problem::{Place, Problem, Problems, suggestion};
use crate::gameday::text::printable;
use crate::metrics::access::Access;
use crate::metrics::secret::{Auth, Credential, Secret};
use crate::metrics::trust::Identity;

/// The header by which Mimir and its like tell tenants apart.
const TENANT: &str = "X-Scope-OrgID";

/// The keys of a profile.
const PROFILE: [&str; 11] = [
    "prometheus",
    "alertmanager",
    "token_file",
    "user",
    "password_file",
    "ca_file",
    "cert_file",
    "key_file",
    "headers",
    "tenant",
    "watch",
];

/// What paths are from.
#[derive(Clone, Copy, Debug)]
pub struct Base<'a> {
    /// The folder of the file, for paths that do not say where they begin.
    pub folder: &'a Path,
    /// For those that begin with `~/`.
    pub home: Option<&'a Path>,
}

impl Base<'_> {
    fn path(self, text: &str) -> PathBuf {
        match (text.strip_prefix("~/"), self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => self.folder.join(text),
        }
    }
}

/// Reads the profiles of the file of settings.
///
/// # Errors
/// Everything that is wrong with it, without a word of its values.
pub fn read(text: &str, base: Base<'_>) -> Result<Profiles, Problems> {
    whole(text, base).map(|settings| settings.profiles)
}

/// Everything that the file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// How to get at monitoring.
    pub profiles: Profiles,
    /// Where exercises may go on clusters.
    pub kubernetes: Fence,
}

/// Reads the whole file of settings.
///
/// # Errors
/// Everything that is wrong with it, without a word of its values.
pub fn whole(text: &str, base: Base<'_>) -> Result<Settings, Problems> {
    let mut problems = Problems::default();
    let documents = node::parse_all(text).map_err(|problem| {
        // What a parser says may repeat what it stumbled over.
        problems.push(Problem { what: "this cannot be read as YAML".to_owned(), ..problem });
        std::mem::take(&mut problems)
    })?;
    let root = match documents.as_slice() {
        [] => return Ok(Settings::default()),
        [root] => root,
        [_, second, ..] => {
            wrong(second.place, "a second document begins here", "remove it", &mut problems);
            return Err(problems);
        }
    };
    let whole = entries(root, "a set of settings", &mut problems);
    only(
        whole,
        "a file of settings",
        &["profiles", "default_profile", "kubernetes"],
        &mut problems,
    );
    let mut all = BTreeMap::new();
    if let Some((_, node)) = find(whole, "profiles") {
        for (key, node) in entries(node, "a set of profiles", &mut problems) {
            let found = profile(key, node, base, &mut problems);
            all.extend(named(key, &mut problems).zip(found));
        }
    }
    let fence = find(whole, "kubernetes").map(|(_, node)| cluster::read(node, &mut problems));
    let kubernetes = fence.unwrap_or_default();
    let usual = self::text(whole, "default_profile", &mut problems);
    if let Some((name, place)) = usual
        && problems.is_empty()
        && !all.contains_key(name)
    {
        let names: Vec<&str> = all.keys().map(String::as_str).collect();
        let mend = suggestion(&printable(name, 60), &names);
        wrong(place, "there is no profile of this name", &mend, &mut problems);
    }
    if problems.is_empty() {
        Ok(Settings {
            profiles: Profiles::new(all, usual.map(|(name, _)| name.to_owned())),
            kubernetes,
        })
    } else {
        Err(problems.sorted())
    }
}

/// What is wrong as text, one line for each problem, without the lines of the file.
pub fn told(problems: &Problems, file_name: &str) -> String {
    let name = printable(file_name, 200);
    let mut out = String::new();
    for problem in problems.iter() {
        out.push_str(&format!("{name}:{problem}"));
        if !problem.mend.is_empty() {
            out.push_str(&format!("; {}", problem.mend));
        }
        out.push('\n');
    }
    out
}

/// The name of a profile, which is typed on the command line.
fn named(key: &Key, problems: &mut Problems) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let begins = key.text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if begins && key.text.len() <= 63 && key.text.chars().all(plain) {
        return Some(key.text.clone());
    }
    let what = format!("\"{}\" cannot be the name of a profile", printable(&key.text, 60));
    let mend = "write letters, digits, dashes, dots and underscores, at most 63";
    wrong(key.place, what, mend, problems);
    None
}

fn profile(key: &Key, node: &Node, base: Base<'_>, problems: &mut Problems) -> Option<Profile> {
    let all = entries(node, "a profile", problems);
    only(all, "a profile", &PROFILE, problems);
    let mut path = |name| text(all, name, problems).map(|(text, _)| base.path(text));
    let [authority, certificate, own_key, watch] =
        ["ca_file", "cert_file", "key_file", "watch"].map(&mut path);
    let identity = match (certificate, own_key) {
        (Some(certificate), Some(key)) => Some(Identity { certificate, key }),
        (None, None) => None,
        (some, _) => {
            let (has, lacks) =
                if some.is_some() { ("cert_file", "key_file") } else { ("key_file", "cert_file") };
            let place = find(all, has).map_or(key.place, |(key, _)| key.place);
            let what = format!("\"{has}\" is of no use without \"{lacks}\"");
            wrong(place, what, &format!("add {lacks}"), problems);
            None
        }
    };
    let auth = auth(all, base, problems);
    let headers = headers(all, problems);
    let mut access = |name: &str| {
        let (address, place) = text(all, name, problems)?;
        let mut access = to(address, place, problems)?;
        match (&auth, &access.auth) {
            (None, _) => {}
            (Some(auth), Auth::Nobody) => access.auth = auth.clone(),
            (Some(_), _) => {
                let what = "the address names a user, and the profile says who asks, too";
                wrong(place, what, "remove one of them", problems);
            }
        }
        access.authority.clone_from(&authority);
        access.identity.clone_from(&identity);
        access.headers.clone_from(&headers);
        Some(access)
    };
    let (prometheus, alertmanager) = (access("prometheus"), access("alertmanager"));
    if find(all, "prometheus").is_none() && find(all, "alertmanager").is_none() {
        let what = "a profile needs a server that is asked";
        wrong(key.place, what, "add prometheus: https://prometheus.example", problems);
    }
    Some(Profile { prometheus, alertmanager, watch })
}

/// The server at an address. Of what is wrong with one, only that is said that holds nothing of it.
fn to(address: &str, place: Place, problems: &mut Problems) -> Option<Access> {
    let found = Access::to(address).ok();
    if found.is_none() {
        let http = address.starts_with("http://") || address.starts_with("https://");
        let what = match (http, address.contains('?')) {
            (false, _) => "the address does not begin with http:// or https://",
            (true, true) => "the address has a question mark in it",
            (true, false) => "this is no address of a server",
        };
        let mend = "write it as http://host:9090 or https://host/prometheus";
        wrong(place, what, mend, problems);
    }
    found
}

/// Who asks, where the profile says so.
fn auth(all: &[(Key, Node)], base: Base<'_>, problems: &mut Problems) -> Option<Auth> {
    let token = text(all, "token_file", problems);
    let user = text(all, "user", problems);
    let password = text(all, "password_file", problems);
    let mut refused = |place, what: &str, mend: &str| {
        wrong(place, what, mend, problems);
        None
    };
    match (token, user, password) {
        (None, None, None) => None,
        (Some((token, _)), None, None) => Some(Auth::Bearer(Credential::in_file(base.path(token)))),
        (None, Some((user, _)), Some((password, _))) => {
            let password = Credential::in_file(base.path(password));
            Some(Auth::Basic { user: user.to_owned(), password })
        }
        (Some((_, place)), ..) => {
            let what = "a token is shown, or a user with a password, not both";
            refused(place, what, "remove one of them")
        }
        // What is there and cannot be used was told already.
        (None, Some(_), None) if find(all, "password_file").is_some() => None,
        (None, None, Some(_)) if find(all, "user").is_some() => None,
        (None, Some((_, place)), None) => {
            let what = "\"user\" is of no use without \"password_file\"";
            refused(place, what, "add password_file")
        }
        (None, None, Some((_, place))) => {
            refused(place, "\"password_file\" is of no use without \"user\"", "add user")
        }
    }
}

fn headers(all: &[(Key, Node)], problems: &mut Problems) -> Vec<(String, Secret)> {
    let mut found: Vec<(String, Secret)> = Vec::new();
    if let Some((_, node)) = find(all, "headers") {
        for (key, node) in entries(node, "a set of headers", problems) {
            let shown = printable(&key.text, 60);
            let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            if key.text.is_empty() || !key.text.chars().all(token) {
                let what = format!("\"{shown}\" is no name of a header");
                wrong(key.place, what, "write it as X-Scope-OrgID", problems);
            } else if key.text.eq_ignore_ascii_case("authorization") {
                let what = format!("the header \"{shown}\" is made of a token, or a user");
                wrong(key.place, what, "write token_file, or user and password_file", problems);
            } else if let Some(value) = line(key, node, problems) {
                found.push((key.text.clone(), Secret::new(value.to_owned())));
            }
        }
    }
    if let Some((tenant, place)) = text(all, "tenant", problems) {
        if found.iter().any(|(name, _)| name.eq_ignore_ascii_case(TENANT)) {
            let what = format!("\"tenant\" and the header {TENANT} say the same thing twice");
            wrong(place, what, "remove one of them", problems);
        }
        found.push((TENANT.to_owned(), Secret::new(tenant.to_owned())));
    }
    found
}
