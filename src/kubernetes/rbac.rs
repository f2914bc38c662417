//! The least permissions that a game day needs, as YAML to apply: for who runs it, and for the reaper. Pure.

mod role;

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::rbac::v1::{
    ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, Subject,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use super::access::{Need, needs};
use super::name::{self, MANAGED_BY, PART_OF};
use super::reaper::post::account_of;
use crate::gameday::plan::GameDay;
use role::rules;

const GROUP: &str = "rbac.authorization.k8s.io";

/// Who runs the game day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A ServiceAccount of the namespace, which is printed, too.
    Account(String),
    /// A user as the cluster knows people.
    User(String),
}

/// Everything that has to be applied.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grants {
    pub accounts: Vec<ServiceAccount>,
    pub roles: Vec<Role>,
    pub bindings: Vec<RoleBinding>,
    /// What is of no namespace; their names say for which one they are.
    pub cluster_roles: Vec<ClusterRole>,
    pub cluster_bindings: Vec<ClusterRoleBinding>,
}

/// What is called like the game day.
fn called(plan: &GameDay) -> String {
    let name: String = plan.name.chars().take(40).collect();
    format!("gameday-{}", name.trim_end_matches('-'))
}

/// The ServiceAccount of who runs it, where none is named.
pub fn account(plan: &GameDay) -> String {
    called(plan)
}

/// What a game day in a namespace needs.
pub fn grants(plan: &GameDay, namespace: &str, who: &Who) -> Grants {
    let needs = needs(plan);
    let mut grants = Grants::default();
    let subject = match who {
        Who::Account(name) => {
            grants.accounts.push(service_account(plan, name, namespace));
            of_account(name, namespace)
        }
        Who::User(name) => Subject {
            kind: "User".to_owned(),
            name: name.clone(),
            api_group: Some(GROUP.to_owned()),
            namespace: None,
        },
    };
    grants.add(plan, namespace, &called(plan), &subject, &needs);
    let reaper = account_of(&plan.name);
    grants.accounts.push(service_account(plan, &reaper, namespace));
    let theirs: Vec<Need> = needs.into_iter().filter(|need| need.reaper).collect();
    grants.add(plan, namespace, &reaper, &of_account(&reaper, namespace), &theirs);
    grants
}

impl Grants {
    fn add(
        &mut self,
        plan: &GameDay,
        namespace: &str,
        name: &str,
        subject: &Subject,
        needs: &[Need],
    ) {
        let here = rules(needs.iter().filter(|need| !need.everywhere));
        let there = rules(needs.iter().filter(|need| need.everywhere));
        let meta = |name: &str, namespace: Option<&str>| metadata(plan, name, namespace);
        let reference = |kind: &str, name: &str| RoleRef {
            api_group: GROUP.to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
        };
        if !here.is_empty() {
            let metadata = meta(name, Some(namespace));
            self.roles.push(Role { metadata: metadata.clone(), rules: Some(here) });
            self.bindings.push(RoleBinding {
                metadata,
                role_ref: reference("Role", name),
                subjects: Some(vec![subject.clone()]),
            });
        }
        if !there.is_empty() {
            let name = format!("{name}-{namespace}");
            let metadata = meta(&name, None);
            let rules: Option<Vec<PolicyRule>> = Some(there);
            let role = ClusterRole { metadata: metadata.clone(), rules, ..ClusterRole::default() };
            self.cluster_roles.push(role);
            self.cluster_bindings.push(ClusterRoleBinding {
                metadata,
                role_ref: reference("ClusterRole", &name),
                subjects: Some(vec![subject.clone()]),
            });
        }
    }

    /// As one file to apply.
    ///
    /// # Errors
    /// When it cannot be written as YAML.
    pub fn yaml(&self) -> Result<String, String> {
        let mut documents = Vec::new();
        for one in &self.accounts {
            documents.push(document(one)?);
        }
        for one in &self.roles {
            documents.push(document(one)?);
        }
        for one in &self.bindings {
            documents.push(document(one)?);
        }
        for one in &self.cluster_roles {
            documents.push(document(one)?);
        }
        for one in &self.cluster_bindings {
            documents.push(document(one)?);
        }
        Ok(documents.join("---\n"))
    }
}

fn document(object: &impl Serialize) -> Result<String, String> {
    let text = serde_yaml::to_string(object).map_err(|error| error.to_string())?;
    Ok(if text.ends_with('\n') { text } else { format!("{text}\n") })
}

fn metadata(plan: &GameDay, name: &str, namespace: Option<&str>) -> ObjectMeta {
    // They stay when runs go: they carry no run, so that no stop of any run takes them away.
    let labels =
        [(MANAGED_BY.0, MANAGED_BY.1), (PART_OF.0, PART_OF.1), (name::GAME_DAY, &plan.name)];
    let labels = labels.map(|(key, value)| (key.to_owned(), name::label(value)));
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: namespace.map(str::to_owned),
        labels: Some(labels.into()),
        ..ObjectMeta::default()
    }
}

fn service_account(plan: &GameDay, name: &str, namespace: &str) -> ServiceAccount {
    ServiceAccount { metadata: metadata(plan, name, Some(namespace)), ..ServiceAccount::default() }
}

fn of_account(name: &str, namespace: &str) -> Subject {
    Subject {
        kind: "ServiceAccount".to_owned(),
        name: name.to_owned(),
        namespace: Some(namespace.to_owned()),
        api_group: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::read::inspect;

    fn plan() -> GameDay {
        let text = "gameday: v1\nname: probe\nteams: [sre]\ntarget: { kubernetes: { namespace: shop } }\nphases:\n  - name: one\n    duration: 10m\n    chaos:\n      - { time: +1m, experiment: { type: pod-failure, target: { selector: { app: a } } } }\n      - { time: +2m, experiment: { type: node-drain, target: { selector: { node: n1 } } } }\n";
        inspect(text, "probe.yaml").0.unwrap()
    }

    #[test]
    fn everybody_gets_what_they_need_and_the_reaper_breaks_nothing() {
        let grants = grants(&plan(), "shop", &Who::Account("gameday-probe".into()));
        let yaml = grants.yaml().unwrap();
        assert_eq!(yaml.matches("\n---\n").count() + 1, 10, "{yaml}");
        assert!(!yaml.contains('*') && !yaml.contains("deletecollection"), "{yaml}");
        let reaper = grants
            .roles
            .iter()
            .find(|one| one.metadata.name.as_deref() == Some("gameday-probe-reaper"));
        for rule in reaper.unwrap().rules.iter().flatten() {
            let makes = rule.verbs.contains(&"create".to_owned());
            assert!(!makes, "{rule:?}");
        }
        // The YAML is what the API takes.
        let role: serde_json::Value =
            serde_yaml::from_str(yaml.split("---\n").nth(2).unwrap()).unwrap();
        assert_eq!(
            (&role["kind"], &role["apiVersion"]),
            (&"Role".into(), &"rbac.authorization.k8s.io/v1".into())
        );
        let cluster = &grants.cluster_roles[1];
        assert_eq!(cluster.metadata.name.as_deref(), Some("gameday-probe-reaper-shop"));
        assert_eq!(cluster.rules.as_ref().unwrap().len(), 1);
    }

    #[test]
    fn people_may_be_named_instead_of_accounts() {
        let grants = grants(&plan(), "shop", &Who::User("aiko@example.org".into()));
        assert_eq!(grants.accounts.len(), 1);
        let subject = &grants.bindings[0].subjects.as_ref().unwrap()[0];
        assert_eq!((subject.kind.as_str(), subject.name.as_str()), ("User", "aiko@example.org"));
    }
}
