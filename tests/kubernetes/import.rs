//! Manifests and experiments of other tools as game days: each folder of `import` is one import, and beside it stands what comes of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gameday::gameday::import::{Imported, Source, Wishes, import};
use gameday::gameday::problem::show::render;
use gameday::gameday::read::inspect;
use gameday::gameday::span::Span;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kubernetes/import").join(name)
}

fn sources(name: &str) -> Vec<Source> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| Source {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        text: fs::read_to_string(path).unwrap(),
    };
    paths.into_iter().map(read).collect()
}

fn wishes() -> Wishes {
    Wishes {
        title: None,
        namespace: None,
        url: Some("http://127.0.0.1:30080".to_owned()),
        prometheus: None,
        recovery: Span::from_secs(60),
    }
}

fn imported(name: &str, wishes: &Wishes) -> Imported {
    let made = import(&sources(name), wishes).unwrap();
    let (plan, problems) = inspect(&made.text, "imported.yaml");
    assert!(plan.is_some(), "{}\n{}", render(&problems, &made.text, name), made.text);
    made
}

#[test]
fn what_comes_of_each_folder() {
    for name in ["brief", "kinds", "workflow", "toolkit"] {
        let mut wishes = wishes();
        if name == "toolkit" {
            wishes.url = None;
        }
        let made = imported(name, &wishes);
        let notes: String = made.notes.iter().map(|note| format!("note: {note}\n")).collect();
        insta::assert_snapshot!(name, format!("{}\n{notes}", made.text));
    }
}

#[test]
fn the_script_of_the_brief_is_one_experiment_after_the_other() {
    let made = imported("brief", &wishes());
    let plan = inspect(&made.text, "brief.yaml").0.unwrap();
    let phases: Vec<(&str, Span)> =
        plan.phases.iter().map(|phase| (phase.name.as_str(), phase.duration)).collect();
    let minutes = |minutes: u64| Span::from_secs(minutes * 60);
    assert_eq!(
        phases,
        [
            ("baseline", Span::from_secs(30)),
            ("generated", minutes(4)),
            ("network-partition-example", minutes(4)),
            ("pod-failure-example", minutes(6)),
            ("cpu-stress-example", minutes(11)),
            ("recovery", Span::from_secs(30)),
        ]
    );
    assert_eq!(plan.steady_state.len(), 1);
    assert_eq!(plan.injections().count(), 4);
    // The scheduler that Chaos Mesh would drop is what it was meant as.
    let (_, kill) = plan.injections().nth(2).unwrap();
    assert_eq!(kill.experiment.interval, Some(minutes(2)));
}

#[test]
fn without_an_address_nobody_is_sent_and_it_is_said() {
    let bare = Wishes { url: None, ..wishes() };
    let made = imported("brief", &bare);
    assert!(made.text.contains("Nobody knows where customers go"), "{}", made.text);
    let asked = Wishes { prometheus: Some("http://prometheus.example:9090".to_owned()), ..bare };
    let plan = inspect(&imported("brief", &asked).text, "brief.yaml").0.unwrap();
    assert_eq!((plan.queries.len(), plan.steady_state.len()), (1, 1));
}

#[test]
fn what_cannot_be_is_refused_with_every_reason() {
    let why = import(&sources("nothing"), &wishes()).unwrap_err();
    assert!(why.contains("apps/v1 Deployment is no object of Chaos Mesh"), "{why}");
    assert!(why.contains("KernelChaos: it never takes effect"), "{why}");
    let broken = Source { name: "a.yaml".to_owned(), text: "a: [1\nb: 2\n".to_owned() };
    let why = import(&[broken], &wishes()).unwrap_err();
    assert!(why.contains("a.yaml:2:"), "{why}");
}

#[test]
fn the_program_imports_a_folder_and_the_file_passes_its_own_check() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("brief.yaml");
    let run = |args: &[&std::ffi::OsStr]| {
        Command::new(env!("CARGO_BIN_EXE_gameday")).args(args).output().unwrap()
    };
    let (from, to) = (folder("brief"), out.as_os_str());
    let done = run(&["import".as_ref(), from.as_os_str(), "--out".as_ref(), to]);
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success() && said.starts_with("wrote "), "{done:?}");
    let notes = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(notes.contains("v1 Namespace is no object of Chaos Mesh: left alone"), "{notes}");
    let checked = run(&["check".as_ref(), to]);
    assert!(checked.status.success(), "{checked:?}");
    let again = run(&["import".as_ref(), from.as_os_str(), "--out".as_ref(), to]);
    assert!(!again.status.success(), "nothing is written over");
}

#[test]
fn a_manifest_beside_a_game_day_is_checked_with_its_own_places() {
    let scratch = tempfile::tempdir().unwrap();
    let day = scratch.path().join("day.yaml");
    let manifest = scratch.path().join("kill.yaml");
    fs::write(&day, "target: kubernetes\nexperiments: [{ manifest: kill.yaml }]\n").unwrap();
    let check = || {
        let done =
            Command::new(env!("CARGO_BIN_EXE_gameday")).arg("check").arg(&day).output().unwrap();
        (done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let (ok, said) = check();
    assert!(!ok && said.contains("kill.yaml") && said.contains("No such file"), "{said}");
    let head = "apiVersion: chaos-mesh.org/v1alpha1\nkind: PodChaos\n";
    let spec = |more: &str| format!("{head}spec:\n  action: pod-kill\n  mode: one\n{more}");
    fs::write(&manifest, spec("  scheduler: { cron: x }\n")).unwrap();
    let (ok, said) = check();
    assert!(!ok && said.contains("kill.yaml:6:14"), "{said}");
    fs::write(&manifest, spec("")).unwrap();
    let (ok, said) = check();
    assert!(!ok && said.contains("do not say by labels which pods they hit"), "{said}");
    fs::write(&manifest, spec("  selector: { labelSelectors: { app: cart } }\n")).unwrap();
    let (ok, said) = check();
    assert!(ok, "{said}");
}

#[test]
fn probes_of_one_name_are_kept_apart_and_the_same_one_is_asked_once() {
    let probe = |query: &str| {
        format!(
            r#"{{"type": "probe", "name": "errors", "tolerance": {{"type": "range", "range": [0, 5]}}, "provider": {{"type": "python", "module": "chaosprometheus.probes", "func": "query", "arguments": {{"query": "{query}"}}}}}}"#
        )
    };
    let kill = r#"{"type": "action", "name": "kill", "provider": {"type": "python", "module": "chaosk8s.pod.actions", "func": "terminate_pods", "arguments": {"label_selector": "app=a", "ns": "shop"}}}"#;
    let text = format!(
        r#"{{"title": "two", "steady-state-hypothesis": {{"title": "fine", "probes": [{}, {}]}}, "method": [{kill}, {}]}}"#,
        probe("sum(a)"),
        probe("sum(b)"),
        probe("sum(b)"),
    );
    let source = Source { name: "two.json".to_owned(), text };
    let made = import(&[source], &Wishes { url: None, ..wishes() }).unwrap();
    let (plan, problems) = inspect(&made.text, "two.yaml");
    let plan = plan.unwrap_or_else(|| panic!("{}", render(&problems, &made.text, "two")));
    let asked: Vec<(String, String)> =
        plan.queries.iter().map(|one| (one.query.to_string(), one.promql.clone())).collect();
    let expected = [("count:errors", "sum(a)"), ("count:errors-2", "sum(b)")];
    assert_eq!(asked, expected.map(|(name, query)| (name.to_owned(), query.to_owned())));
    assert_eq!(plan.steady_state.len(), 2);
}
