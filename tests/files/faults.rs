//! Every type of fault that may stand in a file: what it means, whom it hits, what is said of it.

use std::collections::BTreeSet;

use gameday::cli::catalog::catalog;
use gameday::gameday::catalog::{
    LAB_APPS, LAB_NODES, LAB_ZONES, Seat, TYPES, find, how, lab_lacks, lingers, undo_text,
};
use gameday::gameday::cluster::Cluster;
use gameday::gameday::defence::Defence;
use gameday::gameday::fault::{
    CacheAction, ConfigurationSource, Direction, Experiment, Fault, HttpAction, IoAction, Mode,
    NetworkAction, Stress, ZoneResource,
};
use gameday::gameday::plan::Target;
use gameday::gameday::read::inspect;
use gameday::gameday::replicas::Replicas;
use gameday::gameday::span::Span;
use gameday::lang::{Lang, Language, Message};
use gameday::tui::fault;

use super::good::good;

fn experiments() -> Vec<Experiment> {
    let plan = good("tests/files/good/all-faults.yaml");
    plan.injections().map(|(_, one)| one.experiment.clone()).collect()
}

#[test]
fn parameters_mean_what_they_say() {
    let ms = Span::from_millis;
    let share = 0.1;
    let expected = [
        Fault::PodFailure,
        Fault::PodHang,
        Fault::NodeFailure,
        Fault::NodeRestart,
        Fault::NodeDrain { grace: Span::from_secs(10) },
        Fault::ZoneFailure { resources: vec![ZoneResource::Compute, ZoneResource::Network] },
        Fault::NetworkChaos {
            network: NetworkAction::Bandwidth { bytes_per_second: 102_400 },
            direction: Direction::From,
        },
        Fault::ResourceChaos { stress: Stress::MemoryStress { bytes: 256 << 20 } },
        Fault::ResourceChaos { stress: Stress::IoStress { workers: 1 } },
        Fault::DiskFull { free: 64_000 },
        Fault::TimeChaos { offset_millis: -300_000, drift: 0.1 },
        Fault::LatencyInjection { latency: ms(500), jitter: ms(100) },
        Fault::HttpChaos { http: HttpAction::Status { code: 503 }, share: 0.3 },
        Fault::HttpChaos { http: HttpAction::Delay { latency: ms(200) }, share: 1.0 },
        Fault::DnsChaos,
        Fault::DataCorruption { table: "orders".into(), rows: 25 },
        Fault::ConfigurationChange {
            source: ConfigurationSource::Environment,
            set: [("answer-delay".to_owned(), "300ms".to_owned())].into(),
        },
        Fault::Scale { replicas: Replicas::Change(-50) },
        Fault::Scale { replicas: Replicas::Count(0) },
        Fault::RolloutRestart,
        Fault::DependencyFailure,
        Fault::DatabaseSlowdown { latency: ms(200), jitter: Span::ZERO },
        Fault::DatabaseFailure,
        Fault::ReplicaLag { lag: Span::from_secs(5) },
        Fault::IoChaos { io: IoAction::Fault { share } },
        Fault::IoChaos { io: IoAction::Latency { latency: ms(50), share: 1.0 } },
        Fault::CacheFailure { action: CacheAction::Flush },
        Fault::CacheFailure { action: CacheAction::Outage },
        Fault::QueueFailure,
        Fault::CertificateExpiry,
        Fault::AuthServiceFailure,
        Fault::RbacMutation {
            account: "app-service-account".into(),
            permissions: vec!["orders:create".into()],
        },
        Fault::TrafficFlood { rps: 1_000.0 },
    ];
    let found: Vec<Fault> = experiments().into_iter().map(|one| one.fault).collect();
    assert_eq!(found, expected);
    let kinds: BTreeSet<&str> = found.iter().map(Fault::kind).collect();
    let types = TYPES.iter().map(|one| one.name).filter(|name| lab_lacks(name).is_none()).collect();
    assert_eq!(kinds, types, "the file holds every type there is");
}

#[test]
fn whom_a_fault_hits_where_nothing_is_written() {
    let labels = |kind: &str| {
        let all = experiments();
        let one = all.iter().rfind(|one| one.fault.kind() == kind).unwrap();
        let pairs: Vec<String> =
            one.selector.iter().map(|(key, value)| format!("{key}={value}")).collect();
        pairs.join(",")
    };
    for (kind, expected) in [
        ("zone-failure", "zone=zone-a"),
        ("node-failure", "node=node-1"),
        ("node-drain", "node=node-3"),
        ("database-failure", "app=database,role=primary"),
        ("database-slowdown", "app=database,role=primary"),
        ("io-chaos", "app=database,role=primary"),
        ("replica-lag", "app=database,role=replica"),
        ("data-corruption", "app=database,role=replica"),
        ("cache-failure", "app=cache-service"),
        ("queue-failure", "app=message-queue"),
        ("certificate-expiry", "app=api-gateway"),
        ("auth-service-failure", "app=oauth-provider"),
        ("rbac-mutation", "app=web-app"),
        ("traffic-flood", "app=api-gateway"),
    ] {
        assert_eq!(labels(kind), expected, "{kind}");
    }
}

#[test]
fn some_faults_strike_and_are_over_and_all_others_linger() {
    let english = Lang::new(Language::English);
    let over: Vec<String> = experiments()
        .iter()
        .map(|one| Experiment { interval: None, ..one.clone() })
        .filter(|one| !lingers(one))
        .map(|one| english.message(&fault::named(&one.fault)).into_owned())
        .collect();
    assert_eq!(over, ["kill pods", "node-restart", "rollout-restart", "cache-failure flush"]);
    let again = experiments().into_iter().filter(|one| one.interval.is_some());
    assert!(again.into_iter().all(|one| lingers(&one)), "what strikes again is not over");
}

#[test]
fn objects_of_chaos_mesh_say_themselves_whom_they_hit() {
    let plan = good("tests/files/good/manifests.yaml");
    let all: Vec<&Experiment> = plan.injections().map(|(_, one)| &one.experiment).collect();
    let [java, cloud, beside] = all.as_slice() else { panic!() };
    assert_eq!((java.selector["app"].as_str(), java.mode), ("cart", Mode::FixedPercent(50)));
    assert_eq!(java.duration, Some(Span::from_secs(120)));
    assert_eq!(how(&java.fault), "JVMChaos");
    assert_eq!(
        (cloud.selector["node"].as_str(), cloud.duration),
        ("node-1", Some(Span::from_secs(180)))
    );
    assert_eq!(how(&cloud.fault), "GCPChaos, Schedule");
    let file = "chaos/pod-kill.yaml".to_owned();
    assert_eq!(beside.fault, Fault::Manifest { file, documents: Vec::new() });
    let Fault::Manifest { documents, .. } = &java.fault else { panic!() };
    assert_eq!(documents[0]["spec"]["value"], "50");
    assert_eq!(documents[0]["spec"]["latency"], 500);
    assert_eq!(documents[0]["spec"]["selector"]["labelSelectors"]["version"], "1.0");
    for language in [Language::English, Language::Japanese] {
        let lang = Lang::new(language);
        for words in [fault::named(&java.fault), fault::does(java), fault::undo(java)] {
            assert!(lang.message(&words).contains("JVMChaos"));
        }
    }
    assert!(undo_text(cloud).starts_with("delete GCPChaos, Schedule, and wait until Chaos Mesh"));
}

#[test]
fn workloads_change_as_a_whole_on_a_cluster() {
    let plan = good("tests/files/good/workloads.yaml");
    let all: Vec<&Experiment> = plan.injections().map(|(_, one)| &one.experiment).collect();
    let [more, digest, broken, restart, _] = all.as_slice() else { panic!() };
    assert_eq!(more.fault, Fault::Scale { replicas: Replicas::Change(50) });
    let container = Some("app".to_owned());
    assert_eq!(broken.fault, Fault::ImageChange { image: "web-app:broken".into(), container });
    assert_eq!(how(&digest.fault), "registry.example:5000/shop/web-app@sha256:0123abcd");
    assert_eq!((restart.interval, restart.mode), (Some(Span::from_secs(30)), Mode::All));
    let (english, japanese) = (Lang::new(Language::English), Lang::new(Language::Japanese));
    let told = |message: &Message| english.message(message).into_owned();
    assert_eq!(told(&fault::does(more)), "scale all pods of app=web-app by +50%");
    assert_eq!(told(&fault::named(&broken.fault)), "image-change web-app:broken in app");
    assert_eq!(
        told(&fault::does(broken)),
        "roll out web-app:broken in app on all pods of app=web-app"
    );
    for one in all {
        assert_eq!(told(&fault::undo(one)), undo_text(one));
        for words in [fault::named(&one.fault), fault::does(one), fault::undo(one)] {
            assert_ne!(japanese.message(&words), english.message(&words));
        }
    }
}

fn told(language: Language) -> Vec<String> {
    let lang = Lang::new(language);
    let say = |message: Message| lang.message(&message).into_owned();
    let of = |one: &Experiment| {
        [say(fault::named(&one.fault)), say(fault::does(one)), say(fault::undo(one))].join(" | ")
    };
    experiments().iter().map(of).collect()
}

#[test]
fn every_fault_is_told_in_words() {
    let english = told(Language::English);
    insta::assert_snapshot!(english.join("\n"));
    // Recordings and reports say it in the same words.
    for (one, told) in experiments().iter().zip(&english) {
        let [named, _, undo] = told.split(" | ").collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(undo, undo_text(one));
        assert!(named.ends_with(&how(&one.fault)), "{named}: {}", how(&one.fault));
    }
}

#[test]
fn every_fault_is_told_in_japanese() {
    insta::assert_snapshot!(told(Language::Japanese).join("\n"));
}

#[test]
fn the_security_experiments_of_the_brief_stand_as_they_are() {
    let plan = good("tests/files/good/brief-security.yaml");
    let all: Vec<_> = plan.injections().map(|(_, one)| &one.experiment).collect();
    let [certificate, auth, rbac] = all.as_slice() else { panic!() };
    assert_eq!(certificate.fault, Fault::CertificateExpiry);
    assert_eq!(certificate.selector["app"], "api-gateway");
    assert_eq!(auth.selector["app"], "oauth-provider");
    let account = "app-service-account".to_owned();
    assert_eq!(rbac.fault, Fault::RbacMutation { account, permissions: Vec::new() });
    assert_eq!((rbac.selector["app"].as_str(), rbac.mode), ("web-app", Mode::All));
}

#[test]
fn the_zone_of_the_brief_is_refused_only_where_the_zones_are_known() {
    let plan = good("tests/files/good/brief-zone-failure.yaml");
    let (_, zone) = plan.injections().next().unwrap();
    assert_eq!(plan.target, Target::Kubernetes(Cluster::default()));
    assert_eq!(zone.experiment.selector["zone"], "us-east-1a");
    let text = "type: zone-failure\ntarget: { zone: us-east-1a }\n";
    assert!(inspect(text, "zone.yaml").0.is_none(), "the lab has no such zone");
}

#[test]
fn the_lab_can_be_made_fragile_as_a_whole_or_in_part() {
    let plan = good("tests/files/good/all-faults.yaml");
    let off: Vec<Defence> = plan.defences.off().collect();
    assert_eq!(off, [Defence::StaleCache, Defence::Failover]);
    assert!(plan.traffic.tls);
    assert_eq!(plan.rollback.as_deref(), Some("End the program,\nthen run gameday recover."));
    let read = |lab: &str| {
        let text = format!("lab: {lab}\ntype: queue-failure\n");
        inspect(&text, "lab.yaml").0.unwrap().defences.to_string()
    };
    assert_eq!(read("fragile"), "fragile");
    assert_eq!(read("resilient"), "resilient");
    assert_eq!(read("{ defences: { outbox: off } }"), "without outbox");
    let only = read("{ shop: fragile, defences: { retries: on } }");
    assert!(!only.contains("retries") && only.contains("failover"), "{only}");
}

#[test]
fn the_catalog_names_every_type_with_parameters_undo_and_targets() {
    let all = catalog(None).unwrap();
    for one in TYPES {
        assert!(all.contains(&format!("\n{}\n  {}", one.name, one.about)), "{}", one.name);
        let alone = catalog(Some(one.name)).unwrap();
        for parameter in one.parameters {
            assert!(alone.contains(parameter.about), "{} {}", one.name, parameter.name);
        }
        assert!(alone.contains(one.undo) && alone.contains(one.kubernetes), "{alone}");
        let lab = alone.contains("runs on      lab; ");
        assert_eq!(lab, lab_lacks(one.name).is_none(), "{alone}");
    }
    assert!(all.lines().all(|line| line.chars().count() <= 160), "no endless lines");
    let slip = catalog(Some("pod-failur")).unwrap_err();
    assert!(slip.contains("did you mean \"pod-failure\""), "{slip}");
    assert!(catalog(Some("\u{1b}[31m")).unwrap_err().contains('\u{fffd}'));
    assert_eq!(find("zone-failure").unwrap().seat, Seat::Whole("zone"));
}

#[test]
fn the_lab_has_the_zones_nodes_and_apps_that_files_may_name() {
    let topology = gameday::lab::topology_plan();
    let has = |label: &str| -> BTreeSet<String> {
        topology.pods.iter().filter_map(|pod| pod.labels.get(label).cloned()).collect()
    };
    assert_eq!(has("zone"), LAB_ZONES.map(str::to_owned).into());
    assert_eq!(has("node"), LAB_NODES.map(str::to_owned).into());
    assert_eq!(has("app"), LAB_APPS.map(str::to_owned).into());
}
