//! The levers of teams: from another terminal with the defences off, where they alone recover the shop, and from the
//! palette of the screen.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::lever::Lever;
use gameday::recording::read::read;
use serde_json::Value;

use super::program::{gameday, lab_processes, printed, recording, short_day};
use super::terminal::Terminal;

/// What was seen of one run of the day in which the primary is lost and nothing takes over by itself.
struct Seen {
    code: i32,
    lines: Vec<String>,
    events: Vec<Envelope>,
    report: Value,
    markdown: String,
}

impl Seen {
    /// Whether the objective with this title was met, and why.
    fn met(&self, title: &str) -> (bool, String) {
        let objectives = self.report["objectives"].as_array().unwrap();
        let one = objectives.iter().find(|one| one["title"] == title).unwrap();
        (one["answer"] == "met", one["evidence"].as_str().unwrap().to_owned())
    }

    #[track_caller]
    fn assert_objective(&self, title: &str, met: bool) {
        assert_eq!(self.met(title).0, met, "{title}: {}\n{:#?}", self.met(title).1, self.lines);
    }
}

/// Waits until the recording has customers who failed: nobody repairs what nobody felt.
fn customers_feel_it(data: &Path) {
    let path = recording(data);
    let start = Instant::now();
    let failed = |envelope: &Envelope| match &envelope.event {
        Event::Sampled(sample) => sample.errors.total() > 0,
        _ => false,
    };
    // Its last line may be half written.
    while !read(&path).is_ok_and(|recorded| recorded.envelopes.iter().any(failed)) {
        assert!(start.elapsed() < Duration::from_secs(10), "nobody felt it");
        std::thread::yield_now();
    }
}

/// Runs it; once the fault is in effect and felt, `repair` acts.
fn lost_primary(repair: impl FnOnce(&Path)) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut child = gameday(data)
        .args(["run", "tests/play/lever.yaml", "--headless", "--blast-radius", "wide"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut repair = Some(repair);
    let mut lines = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        if line.contains("primary-lost took effect") {
            customers_feel_it(data);
            repair.take().unwrap()(data);
        }
        lines.push(line);
    }
    let code = child.wait().unwrap().code().unwrap();
    assert!(repair.is_none(), "the fault never took effect: {lines:#?}");
    assert_eq!(lab_processes(data), Vec::<String>::new());
    let path = recording(data);
    let text = |ending: &str| std::fs::read_to_string(path.with_extension(ending)).unwrap();
    Seen {
        code,
        lines,
        events: read(&path).unwrap().envelopes,
        report: serde_json::from_str(&text("json")).unwrap(),
        markdown: text("md"),
    }
}

#[test]
fn with_the_defences_off_the_right_lever_recovers_the_shop_and_nothing_else_does() {
    let (with, without) = std::thread::scope(|scope| {
        let with = scope.spawn(|| lost_primary(promote));
        let without = scope.spawn(|| lost_primary(|_| ()));
        (with.join().unwrap(), without.join().unwrap())
    });

    for title in
        ["Customers are served again", "Orders are taken again", "Somebody acts", "And says so"]
    {
        with.assert_objective(title, true);
        without.assert_objective(title, false);
    }
    with.assert_objective("And it helps", true);
    without.assert_objective("And it helps", false);
    assert_eq!((with.code, without.code), (0, 1));
    // With and without, nothing that was acknowledged is lost.
    for seen in [&with, &without] {
        seen.assert_objective("No acknowledged order is lost", true);
    }
    // Customers did feel the loss until the lever was pulled: it is the lever that helped.
    let (_, evidence) = with.met("Customers are served again");
    assert!(evidence.contains("100%"), "{evidence}");
    let failed = |seen: &Seen| seen.report["impact"][0]["failed"].as_u64().unwrap();
    let (with_it, without_it) = (failed(&with), failed(&without));
    assert!(0 < with_it && with_it < without_it, "{with_it} {without_it}");

    named_with_team_and_time(&with);
    written_in_the_log(&with);
    assert!(without.report.get("actions").is_none(), "{}", without.report["actions"]);
}

/// What the README shows of writing from another terminal.
const OPENS: &str = "gameday lab ctl write '!2 orders fail' --team sre";

/// What somebody types for the log in another terminal; the words it is answered with.
#[track_caller]
fn write(data: &Path, line: &str, team: &str, success: bool) -> String {
    let output =
        gameday(data).args(["lab", "ctl", "write", line, "--team", team]).output().unwrap();
    let said = printed(&output);
    assert_eq!(output.status.success(), success, "{line}: {said}");
    said.trim_end().to_owned()
}

/// What the team types in another terminal; first a mistake.
fn promote(data: &Path) {
    assert!(include_str!("../../README.md").contains(OPENS));
    assert_eq!(write(data, "!2 orders fail", "sre", true), "incident #1 is open, SEV2");
    assert_eq!(write(data, "resolve #7", "sre", false), "there is no incident #7");
    let unknown = write(data, "hello", "sra", false);
    assert_eq!(unknown, "there is no team \"sra\"; did you mean \"sre\"?");
    let wrong = gameday(data).args(["lab", "ctl", "restrat", "database-primary"]).output().unwrap();
    assert!(!wrong.status.success(), "{}", printed(&wrong));
    assert!(printed(&wrong).contains("did you mean \"restart\"?"), "{}", printed(&wrong));
    let right = gameday(data).args(["lab", "ctl", "promote", "--team", "sre"]).output().unwrap();
    let said = printed(&right);
    assert!(right.status.success(), "{said}");
    assert!(said.contains("database-replica is the primary"), "{said}");
    let resolved = write(data, "resolve #1 the replica is the primary", "sre", true);
    assert_eq!(resolved, "incident #1 is resolved; noted to #1");
    assert_eq!(write(data, "lesson: promote sooner", "sre", true), "noted, as a lesson");
}

/// What was typed in the other terminal is in the recording and in the report like what is typed at the screen.
fn written_in_the_log(seen: &Seen) {
    let incidents = seen.report["incidents"].as_array().unwrap();
    let [incident] = &incidents[..] else { panic!("{incidents:?}") };
    assert_eq!(incident["title"], "orders fail");
    assert_eq!(incident["team"], "sre");
    let by: Vec<_> = seen
        .events
        .iter()
        .filter_map(|one| match &one.event {
            Event::IncidentOpened { team, author, .. } | Event::Logged { team, author, .. } => {
                Some((team.as_str(), author.as_str()))
            }
            _ => None,
        })
        .collect();
    let author = std::env::var("USER").ok().filter(|user| !user.is_empty());
    assert_eq!(by, vec![("sre", author.as_deref().unwrap_or("somebody")); 3]);
    assert!(
        seen.lines.iter().any(|line| line.contains("[sre] lesson: promote sooner")
            || line.contains("[sre] promote sooner")),
        "{:#?}",
        seen.lines
    );
    assert!(seen.markdown.contains("promote sooner"), "{}", seen.markdown);
}

fn named_with_team_and_time(seen: &Seen) {
    let pulled: Vec<_> = seen
        .events
        .iter()
        .filter_map(|one| match &one.event {
            Event::LeverPulled { lever, team, .. } => Some((lever, team.as_str(), one.stamp)),
            _ => None,
        })
        .collect();
    let [(Lever::Promote, "sre", stamp)] = pulled[..] else { panic!("{pulled:?}") };
    let line = seen.lines.iter().find(|line| line.contains("(sre): promote")).unwrap();
    assert!(line.starts_with('+'), "the line has its time: {line}");
    assert!(seen.lines.iter().any(|line| line.contains("promote done")), "{:#?}", seen.lines);

    let actions = seen.report["actions"].as_array().unwrap();
    let [action] = &actions[..] else { panic!("{actions:?}") };
    assert_eq!(action["team"], "sre");
    assert_eq!(action["lever"], "promote");
    assert_eq!(action["outcome"], "done");
    assert_eq!(action["at"]["elapsed_ms"].as_u64().unwrap(), stamp.elapsed.as_millis());
    let named = |line: &&str| line.contains("promote") && line.contains("sre");
    assert!(seen.markdown.lines().any(|line| named(&line)), "{}", seen.markdown);
}

#[test]
fn the_palette_restarts_a_pod_and_says_that_it_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let day = short_day(data);
    let mut terminal = Terminal::start(&["run", day.to_str().unwrap()], data, 120, 40);
    terminal.see("RUNNING");
    terminal.press(":");
    terminal.press("restart web-app-1");
    terminal.see("restart web-app-1");
    terminal.press("\r");
    terminal.see("restart web-app-1 done");
    terminal.end_exercise();
    assert_eq!(lab_processes(data), Vec::<String>::new());

    let events = read(&recording(data)).unwrap().envelopes;
    let restart = Lever::Restart { pod: "web-app-1".to_owned() };
    let pulled = events.iter().find_map(|one| match &one.event {
        Event::LeverPulled { id, lever, .. } if *lever == restart => Some(*id),
        _ => None,
    });
    let done = events.iter().find_map(|one| match &one.event {
        Event::LeverDone { id, ok, said } if Some(*id) == pulled => Some((*ok, said.english())),
        _ => None,
    });
    assert!(matches!(done, Some((true, said)) if said.contains("web-app-1")), "{done:?}");
}
