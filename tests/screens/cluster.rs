//! A cluster on the screen: sixty pods in three zones, what it says of itself, and how far faults would reach.

use std::sync::Arc;

use gameday::exercise::cluster::{ClusterSeen, Placed, Rollout, Warning};
use gameday::exercise::participant;
use gameday::exercise::said::Said;
use gameday::exercise::state::State;
use gameday::exercise::target::{Budget, Pod, PodHealth, Service, Topology};
use gameday::gameday::cluster::Cluster;
use gameday::gameday::plan::Target;
use gameday::lang::Language;
use gameday::tui::pane::Panes;
use gameday::tui::place::Place;

use super::scenes;
use super::whole::{facilitator, screen_in};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];
const ZONES: [&str; 3] = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const APPS: [(&str, usize); 8] = [
    ("api-gateway", 6),
    ("web-app", 18),
    ("backend-service", 12),
    ("cache-service", 6),
    ("database", 6),
    ("message-queue", 3),
    ("oauth-provider", 6),
    ("search", 3),
];

fn topology() -> Topology {
    let pods = APPS.iter().flat_map(|(app, count)| {
        (0..*count).map(move |nth| {
            let zone = ZONES[nth % 3];
            let labels = [("app", *app), ("zone", zone), ("node", "node-1")];
            let down = *app == "web-app" && nth == 4;
            Pod {
                name: format!("{app}-7d9f4-{nth:02}"),
                labels: labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
                health: if down { PodHealth::Dead } else { PodHealth::Ready },
                restarts: if down { 3 } else { 0 },
                note: Said::from(if down { "CrashLoopBackOff" } else { "" }),
                namespace: "shop".into(),
                owner: format!("Deployment/{app}"),
            }
        })
    });
    let pods: Vec<Pod> = pods.collect();
    let of = |app: &str| -> Vec<String> {
        pods.iter().filter(|pod| pod.app() == app).map(|pod| pod.name.clone()).collect()
    };
    let service = |app: &str, needs: &[&str]| Service {
        name: app.into(),
        backed_by: Some(of(app)),
        depends_on: needs.iter().map(|one| (*one).to_owned()).collect(),
        critical: app == "database",
    };
    let services = vec![
        service("api-gateway", &["web-app"]),
        service("web-app", &["backend-service"]),
        service("backend-service", &["database"]),
        service("database", &[]),
    ];
    let budgets = vec![Budget { name: "web-app".into(), pods: of("web-app"), allowed: 1 }];
    Topology { pods, services, budgets }
}

fn in_cluster(mut state: State) -> State {
    let mut header = (*state.header).clone();
    header.plan.target =
        Target::Kubernetes(Cluster { namespace: Some("shop".into()), ..Cluster::default() });
    state.header = Arc::new(header);
    state.topology = topology();
    state.readings = Default::default();
    let warning = |at: i64, about: &str, reason: &str, text: &str, reveals| Warning {
        at: state.header.began + at,
        about: about.into(),
        reason: reason.into(),
        text: text.into(),
        reveals,
    };
    state.cluster = ClusterSeen {
        warnings: vec![
            warning(
                1_000,
                "Pod/web-app-7d9f4-04",
                "BackOff",
                "Back-off restarting failed container app",
                false,
            ),
            warning(
                2_000,
                "PodChaos/gd-x",
                "Failed",
                "Failed to select targets: no pod is selected",
                true,
            ),
        ],
        rollouts: vec![Rollout {
            name: "Deployment/search".into(),
            updated: 1,
            ready: 2,
            wanted: 3,
        }],
        experiments: vec![Placed {
            name: "PodChaos/gd-20261122t160500z-1a2b-pod-failure-0".into(),
            ours: true,
            phase: "Run".into(),
            conditions: vec!["AllInjected".into(), "Selected".into()],
        }],
        unseen: Said::default(),
    };
    state
}

fn alone(pane: char) -> gameday::tui::ui::Ui {
    let mut ui = facilitator();
    let pane = if pane == 'p' { "pods" } else { "instruments" };
    ui.panes = Panes::from_yaml(&format!("focus: {pane}\nzoomed: true\n")).unwrap();
    ui
}

#[test]
fn sixty_pods_in_three_zones_and_what_the_cluster_says_of_itself() {
    let state = in_cluster(scenes::fault_active());
    for language in [Language::English, Language::Japanese] {
        for size in SIZES {
            let shown = screen_in(language, &state, &facilitator(), size);
            let name = format!("cluster_{}_{}", size.0, language.code());
            insta::assert_snapshot!(name, shown);
        }
        for (pane, name) in [('p', "pods"), ('i', "instruments")] {
            let shown = screen_in(language, &state, &alone(pane), (120, 40));
            insta::assert_snapshot!(format!("cluster_{name}_{}", language.code()), shown);
        }
    }
}

#[test]
fn how_far_faults_reach_stands_in_the_briefing() {
    let state = in_cluster(scenes::briefing(20, 0));
    let ui = gameday::tui::ui::Ui { place: Place::Briefing, ..facilitator() };
    for language in [Language::English, Language::Japanese] {
        for size in SIZES {
            let shown = screen_in(language, &state, &ui, size);
            insta::assert_snapshot!(
                format!("cluster_briefing_{}_{}", size.0, language.code()),
                shown
            );
        }
    }
}

#[test]
fn participants_see_no_experiment() {
    let mut state = participant::begin((*in_cluster(scenes::fault_active()).header).clone());
    state.cluster = ClusterSeen {
        experiments: Vec::new(),
        warnings: Vec::new(),
        ..in_cluster(scenes::fault_active()).cluster
    };
    let shown = screen_in(Language::English, &state, &alone('i'), (120, 40));
    assert!(!shown.contains("PodChaos"), "{shown}");
}
