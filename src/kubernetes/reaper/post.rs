//! The Job of a reaper. Pure.

use std::collections::BTreeMap;

use k8s_openapi::api::batch::v1::{Job, JobSpec};
use k8s_openapi::api::core::v1::{
    Affinity, Capabilities, Container, NodeAffinity, NodeSelectorRequirement, NodeSelectorTerm,
    PodSecurityContext, PodSpec, PodTemplateSpec, PreferredSchedulingTerm, ResourceRequirements,
    SeccompProfile, SecurityContext, Toleration,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};

use super::super::name;
use super::away::Away;
use crate::gameday::span::Span;

/// The kind of a reaper, as its label says.
pub const KIND: &str = "reaper";
/// So often its pod is made again before the Job gives up.
const TRIES: i32 = 50;
/// So long the Job stays after its end, in seconds.
const STAYS: i32 = 600;
/// Whom its processes run as: nobody.
const NOBODY: i64 = 65_534;

/// Where a reaper is posted, and as whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    pub run: String,
    pub game_day: String,
    /// Where the journal and the lease are.
    pub namespace: String,
    /// The image of this program.
    pub image: String,
    /// Its ServiceAccount: `gameday rbac` prints it with its rights.
    pub account: String,
    /// Nodes that are hit: it should run elsewhere.
    pub away_from: Away,
    /// When it ends whatever happens.
    pub lasts: Span,
    /// The PriorityClass of its pod.
    pub priority: Option<String>,
    /// The journal, which takes it along when it goes.
    pub owner: Option<OwnerReference>,
}

/// What the Job of a run's reaper is called.
pub fn name_of(run: &str) -> String {
    format!("gd-{run}-reaper")
}

/// What the ServiceAccount of a game day's reaper is called.
pub fn account_of(game_day: &str) -> String {
    let name: String = game_day.chars().take(40).collect();
    format!("gameday-{}-reaper", name.trim_end_matches('-'))
}

/// The Job.
pub fn job(post: &Post) -> Job {
    let mut labels = name::labels(&post.run, KIND, None);
    labels.insert(name::GAME_DAY.to_owned(), name::label(&post.game_day));
    let version = (name::VERSION.to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    Job {
        metadata: ObjectMeta {
            name: Some(name_of(&post.run)),
            namespace: Some(post.namespace.clone()),
            labels: Some(labels.clone()),
            annotations: Some(BTreeMap::from([version])),
            owner_references: post.owner.clone().map(|owner| vec![owner]),
            ..ObjectMeta::default()
        },
        spec: Some(JobSpec {
            backoff_limit: Some(TRIES),
            active_deadline_seconds: i64::try_from(post.lasts.as_millis() / 1_000).ok(),
            ttl_seconds_after_finished: Some(STAYS),
            template: PodTemplateSpec {
                metadata: Some(ObjectMeta { labels: Some(labels), ..ObjectMeta::default() }),
                spec: Some(pod(post)),
            },
            ..JobSpec::default()
        }),
        status: None,
    }
}

fn pod(post: &Post) -> PodSpec {
    PodSpec {
        service_account_name: Some(post.account.clone()),
        restart_policy: Some("OnFailure".to_owned()),
        priority_class_name: post.priority.clone(),
        // It must go on where others are driven away: that is when it is needed.
        tolerations: Some(vec![Toleration {
            operator: Some("Exists".to_owned()),
            ..Toleration::default()
        }]),
        affinity: away(&post.away_from),
        security_context: Some(PodSecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(NOBODY),
            run_as_group: Some(NOBODY),
            seccomp_profile: Some(SeccompProfile {
                type_: "RuntimeDefault".to_owned(),
                ..SeccompProfile::default()
            }),
            ..PodSecurityContext::default()
        }),
        containers: vec![container(post)],
        ..PodSpec::default()
    }
}

fn container(post: &Post) -> Container {
    let words = ["gameday", "reaper", "--run", &post.run, "--namespace", &post.namespace];
    let amount = |text: &str| Quantity(text.to_owned());
    let little = [("cpu", "20m"), ("memory", "48Mi")];
    let little = little.map(|(what, much)| (what.to_owned(), amount(much)));
    Container {
        name: "reaper".to_owned(),
        image: Some(post.image.clone()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        command: Some(words.map(str::to_owned).to_vec()),
        resources: Some(ResourceRequirements {
            requests: Some(BTreeMap::from(little)),
            limits: Some(BTreeMap::from([("memory".to_owned(), amount("256Mi"))])),
            ..ResourceRequirements::default()
        }),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            read_only_root_filesystem: Some(true),
            capabilities: Some(Capabilities {
                drop: Some(vec!["ALL".to_owned()]),
                ..Capabilities::default()
            }),
            ..SecurityContext::default()
        }),
        ..Container::default()
    }
}

/// Preferred and not required: a reaper on a bad node is better than none. Each node for itself, since a scheduler adds up what
/// speaks for one.
fn away(nodes: &Away) -> Option<Affinity> {
    if nodes.is_empty() {
        return None;
    }
    let terms = nodes.iter().map(|(node, weight)| PreferredSchedulingTerm {
        weight: *weight,
        preference: NodeSelectorTerm {
            match_fields: Some(vec![NodeSelectorRequirement {
                key: "metadata.name".to_owned(),
                operator: "NotIn".to_owned(),
                values: Some(vec![node.clone()]),
            }]),
            ..NodeSelectorTerm::default()
        },
    });
    Some(Affinity {
        node_affinity: Some(NodeAffinity {
            preferred_during_scheduling_ignored_during_execution: Some(terms.collect()),
            ..NodeAffinity::default()
        }),
        ..Affinity::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reaper_can_do_little_and_outlives_what_hits_others() {
        let post = Post {
            run: "r-1".into(),
            game_day: "black-friday".into(),
            namespace: "shop".into(),
            image: "registry.example/gameday:1".into(),
            account: account_of("black-friday"),
            away_from: Away::from([("n1".into(), 100), ("n2".into(), 10)]),
            lasts: Span::from_secs(3_600),
            priority: Some("system-cluster-critical".into()),
            owner: None,
        };
        let job = serde_json::to_value(job(&post)).unwrap();
        assert_eq!(job["metadata"]["name"], "gd-r-1-reaper");
        assert_eq!(job["spec"]["activeDeadlineSeconds"], 3_600);
        let pod = &job["spec"]["template"];
        assert_eq!(pod["metadata"]["labels"][name::RUN], "r-1");
        assert_eq!(pod["metadata"]["labels"].get("managed-by"), None);
        assert_eq!(pod["spec"]["serviceAccountName"], "gameday-black-friday-reaper");
        assert_eq!(pod["spec"]["tolerations"][0]["operator"], "Exists");
        let terms = &pod["spec"]["affinity"]["nodeAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"];
        assert_eq!(terms[0]["weight"], 100);
        assert_eq!(terms[1]["weight"], 10);
        assert_eq!(terms[1]["preference"]["matchFields"][0]["values"], serde_json::json!(["n2"]));
        assert_eq!(pod["spec"]["priorityClassName"], "system-cluster-critical");
        let container = &pod["spec"]["containers"][0];
        assert_eq!(container["command"].as_array().unwrap()[1], "reaper");
        assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
        assert!(account_of(&"long-".repeat(30)).len() < 63);
    }
}
