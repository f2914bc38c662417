//! Silences over alerts, by the program itself: on an Alertmanager of the test, and on Debian's (skipped, loudly, where that is
//! not installed). Made when somebody agrees, and lifted whatever happens.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gameday::exercise::alert::Silence;
use gameday::exercise::event::{Event, Outcome};
use gameday::metrics::access::Access;
use gameday::metrics::alertmanager::Alertmanager;
use gameday::port::alerts::Silencer as _;
use gameday::recording::read::read;

use super::program::{gameday, lab_processes, printed, recording};
use super::terminal::Terminal;
use crate::metrics::alerts::Kept;
use crate::metrics::real::{Running, free_port, programs};

const DAY: &str = "gameday: v1
silence: { matchers: { service: shop }, why: The exercise breaks the shop. }
phases: [ { name: one, duration: 6s, load: { rps: 20 } } ]
";

fn file(folder: &Path) -> PathBuf {
    let path = folder.join("quiet.yaml");
    std::fs::write(&path, DAY).unwrap();
    path
}

fn run(data: &Path, server: &str) -> Command {
    let mut command = gameday(data);
    command.args(["run", "--headless"]).arg(file(data)).args(["--alertmanager", server]);
    command.env_remove("ALERTMANAGER_URL").env("GAMEDAY_CONFIG", data.join("settings"));
    command
}

fn ran(command: &mut Command) -> (i32, String) {
    let output = command.output().unwrap();
    (output.status.code().unwrap(), printed(&output))
}

#[test]
fn who_agrees_on_the_command_line_has_alerts_silenced_while_phases_run() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let kept = Kept::default();
    let server = runtime.block_on(kept.serve());
    for (arguments, made) in [
        (&[][..], 0),
        (&["--allow-silence"][..], 1),
        (&["--silence", "alertname=~\"Shop.*\""][..], 1),
        (&["--allow-silence", "--silence", "a=b", "--silence", "service=shop"][..], 2),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let before = kept.states().len();
        let (code, said) = ran(run(data, &server.url()).args(arguments));
        assert_eq!(code, 0, "{said}");
        let states = kept.states();
        assert_eq!(states.len() - before, made, "{arguments:?}\n{said}");
        assert!(states.iter().all(|state| state == "expired"), "{states:?}");
        assert_eq!(
            said.contains("not silenced: what the game day offers"),
            !said.contains("Begun: the silence of service=\"shop\""),
            "{said}"
        );
        assert_eq!(said.matches("Lifted: the silence of").count(), made, "{said}");
        let report = std::fs::read_to_string(recording(data).with_extension("md")).unwrap();
        assert!(report.contains("## Silenced alerts"), "{report}");
        assert_eq!(report.contains("| lifted |"), made > 0, "{report}");
        let page = std::fs::read_to_string(recording(data).with_extension("html")).unwrap();
        assert!(page.contains("Alerts that the exercise silenced, or offered to"));
    }
    let posts = server.seen().into_iter().filter(|seen| seen.method == "POST");
    let bodies: Vec<String> = posts.map(|seen| seen.body).collect();
    assert!(bodies[0].contains("The exercise breaks the shop. [gameday "), "{bodies:?}");
}

#[test]
fn what_cannot_be_silenced_is_told_before_anything_starts() {
    let nobody = format!("http://127.0.0.1:{}", free_port());
    for (server, arguments, code, words) in [
        ("", &["--allow-silence"][..], 3, "nobody says which Alertmanager"),
        ("", &["--silence", "a=b"][..], 3, "nobody says which Alertmanager"),
        ("", &["--dry-run"][..], 0, "service=\"shop\" (The exercise breaks the shop.)"),
        ("", &[][..], 0, "no alert is silenced: nobody says which Alertmanager"),
        (&*nobody, &["--silence", "a=b"][..], 3, "nothing listens there"),
        (&*nobody, &[][..], 0, "alerts cannot be silenced as things are"),
        (&*nobody, &["--silence", "shop"][..], 3, "is no matcher"),
        (&*nobody, &["--silence", "a!=b"][..], 3, "nearly every alert"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let (ended, said) = ran(run(data, server).args(arguments));
        assert_eq!(ended, code, "{arguments:?}\n{said}");
        assert!(said.contains(words), "{words} is not said:\n{said}");
        assert_eq!(data.join("recordings").exists(), code == 0 && arguments.is_empty());
    }
}

/// Debian's Alertmanager, alone.
struct Server {
    _running: Running,
    url: String,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    fn start(folder: &Path) -> Option<Self> {
        let (_, program) = programs()?;
        let port = free_port();
        let config = "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n";
        std::fs::write(folder.join("alertmanager.yml"), config).unwrap();
        let args = [
            "--config.file=alertmanager.yml",
            "--storage.path=alerts",
            "--cluster.listen-address=",
            &format!("--web.listen-address=127.0.0.1:{port}"),
        ];
        let args = args.map(str::to_owned);
        let running = Running::start(&program, folder, "alertmanager", &args);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = Self { _running: running, url: format!("http://127.0.0.1:{port}"), runtime };
        let begin = Instant::now();
        while server.asked("nobody's").is_err() {
            assert!(begin.elapsed() < Duration::from_secs(60), "it does not answer");
            std::thread::park_timeout(Duration::from_millis(50));
        }
        Some(server)
    }

    fn asked(&self, key: &str) -> Result<Vec<Silence>, String> {
        let access = Access::to(&self.url).unwrap();
        let alertmanager = Alertmanager::new(&access).unwrap();
        self.runtime.block_on(alertmanager.standing(key)).map_err(|error| error.to_string())
    }

    /// The silences that stand for the exercise recorded below `data`.
    fn standing(&self, data: &Path) -> Vec<Silence> {
        let exercise = read(&recording(data)).unwrap().header.exercise;
        self.asked(&format!("{exercise}-silence-1")).unwrap()
    }
}

/// Runs until alerts are silenced.
fn silenced(data: &Path, server: &str) -> Child {
    let mut command = run(data, server);
    command.args(["--allow-silence", "--duration", "2m"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let begun =
        lines.by_ref().map_while(Result::ok).any(|line| line.contains("Begun: the silence"));
    assert!(begun, "it ended before");
    std::thread::spawn(move || lines.for_each(drop));
    child
}

#[test]
fn a_real_alertmanager_hears_every_alert_again_after_signals_and_kills() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::HUP] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let mut child = silenced(data, &server.url);
        let standing = server.standing(data);
        assert_eq!(standing.len(), 1);
        let shown: Vec<String> = standing[0].matchers.iter().map(ToString::to_string).collect();
        assert_eq!(
            (shown.join(","), standing[0].by.as_str()),
            ("service=\"shop\"".into(), "gameday (facilitator)")
        );
        let pid = rustix::process::Pid::from_raw(child.id() as i32).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
        child.wait().unwrap();
        assert!(server.standing(data).is_empty(), "after {signal:?}");
    }

    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut child = silenced(data, &server.url);
    child.kill().unwrap();
    child.wait().unwrap();
    let left = server.standing(data);
    assert_eq!(left.len(), 1, "nobody was there to lift it");
    let lasts = left[0].until - chrono::Utc::now().timestamp_millis();
    assert!((0..=15 * 60_000).contains(&lasts), "it ends soon by itself: {lasts} ms");
    let next = gameday(data).arg("recover").output().unwrap();
    assert!(next.status.success(), "{}", printed(&next));
    let said = printed(&next);
    assert!(
        said.contains("the silence of service=\"shop\": undone: ended at http://127.0.0.1"),
        "{said}"
    );
    assert!(server.standing(data).is_empty());
    let recorded = read(&recording(data)).unwrap();
    let mut events = recorded.envelopes.iter().map(|one| &one.event);
    let lifted = events.clone().any(|event| matches!(event, Event::Lifted { .. }));
    let ended = events.next_back().unwrap();
    assert!(lifted && matches!(ended, Event::Ended { outcome: Outcome::Died, .. }), "{ended:?}");
    assert_eq!(lab_processes(data), Vec::<String>::new());
}

#[test]
fn at_the_briefing_it_is_offered_and_one_key_and_a_yes_agree() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let kept = Kept::default();
    let server = runtime.block_on(kept.serve());
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let day = file(data);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let url = server.url();
    let arguments = ["run", day.to_str().unwrap(), "--duration", "2m", "--alertmanager", &*url];
    let mut terminal = Terminal::start_after(here, &arguments, data, (120, 40), "10m");
    terminal.see("GO: every check holds");
    terminal.see("m silences them while phases run");
    terminal.press("m");
    terminal.see("Silence these alerts?");
    terminal.see("service=\"shop\"");
    assert!(kept.states().is_empty(), "not before somebody agreed");
    terminal.press("y");
    terminal.see("agreed by facilitator");
    assert!(kept.states().is_empty(), "not before the first phase");
    terminal.press("g");
    terminal.see("alerts silenced");
    assert_eq!(kept.states(), ["active"]);
    terminal.press("m");
    terminal.see("Lifted: the silence of");
    assert_eq!(kept.states(), ["expired"]);
    terminal.press("m");
    terminal.see("Silence these alerts?");
    terminal.press("y");
    terminal.see("alerts silenced");
    assert_eq!(kept.states(), ["expired", "active"]);
    terminal.press("\u{18}\u{18}");
    terminal.see("HALTED");
    terminal.see("halted");
    let begin = Instant::now();
    while kept.states() != ["expired", "expired"] {
        assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", kept.states());
        std::thread::park_timeout(Duration::from_millis(50));
    }
}
