//! `gameday rbac NAME`: the least permissions that a game day needs on Kubernetes, as YAML. Asks nobody.

use super::args::Rbac;
use super::find::find;
use super::said::Said;
use crate::config::Folders;
use crate::gameday::plan::Target;
use crate::gameday::text::printable;
use crate::kubernetes::rbac::{self, Who, grants};

/// Prints them.
///
/// # Errors
/// When there is no such game day, or it has nothing to do with Kubernetes; for people.
pub(super) fn rbac(asked: &Rbac, folders: &Folders) -> Result<Said, String> {
    let plan = find(&asked.name, None, None, folders)?;
    let Target::Kubernetes(cluster) = &plan.target else {
        return Err(format!(
            "the target of {} is not Kubernetes: it needs no permissions of a cluster",
            printable(&asked.name, 80)
        ));
    };
    let Some(namespace) = asked.namespace.as_ref().or(cluster.namespace.as_ref()) else {
        return Err("the game day names no namespace: name one with --namespace".to_owned());
    };
    let who = match (&asked.user, &asked.account) {
        (Some(user), _) => Who::User(user.clone()),
        (None, Some(account)) => Who::Account(account.clone()),
        (None, None) => Who::Account(rbac::account(&plan)),
    };
    let yaml = grants(&plan, namespace, &who).yaml()?;
    let head = format!(
        "# The least that game day {} needs in namespace {namespace}: for who runs it, and for the reaper.\n# gameday doctor {} says whether it is there.\n",
        plan.name, plan.name
    );
    Ok(Said { text: head + &yaml, notes: String::new(), success: true })
}
