//! The shell in a pseudo-terminal: what it leaves behind, on every path. This test program starts itself in there.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use gameday::exercise::command::Command;
use gameday::exercise::event::{Envelope, Event, Outcome};
use gameday::exercise::id::{IncidentId, InjectionId};
use gameday::exercise::incident::Severity;
use gameday::lang::{Lang, Language};
use gameday::port::clock::Clock;
use gameday::port::feed::{Feed, FeedItem, Orders};
use gameday::tui::looks::Looks;
use gameday::tui::manners::{Call, Manners};
use gameday::tui::pane::Panes;
use gameday::tui::shell::{Notice, Options, run};
use gameday::tui::theme::{Depth, Theme};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tokio::sync::mpsc;

use super::scenes;

/// Set for the program inside: where it writes what happened.
const REPORT: &str = "GAMEDAY_TEST_REPORT";
const PATIENCE: Duration = Duration::from_secs(10);

/// The real one, and seconds that were skipped.
struct RealClock(Instant, AtomicU64);

impl Clock for RealClock {
    fn monotonic(&self) -> Duration {
        self.0.elapsed() + Duration::from_secs(self.1.load(Ordering::SeqCst))
    }
    fn wall_millis(&self) -> i64 {
        i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
    }
}

/// Writes every command down. `End` ends the exercise, `Hold` panics in another thread, `Halt` begins to revert; a line
/// in the log lets reverting succeed, or time go by.
struct Notebook {
    report: PathBuf,
    tail: Mutex<Option<mpsc::UnboundedSender<FeedItem>>>,
    seq: AtomicU64,
    clock: Arc<RealClock>,
}

impl Notebook {
    fn happens(&self, event: Event) {
        let seq = self.seq.fetch_add(1, Ordering::SeqCst) + 1;
        let envelope = Envelope { seq, stamp: scenes::at(300), event };
        let tail = self.tail.lock().unwrap().clone().unwrap();
        tail.send(FeedItem::Event(Arc::new(envelope))).unwrap();
    }
}

impl Orders for Notebook {
    fn send(&self, command: Command) {
        note(&self.report, &format!("{command:?}"));
        match command {
            Command::End { .. } => {
                self.happens(Event::Ended { outcome: Outcome::EndedEarly, why: "enough".into() });
                drop(self.tail.lock().unwrap().take());
            }
            Command::Halt { by, reason } => {
                self.happens(Event::Halted { by, reason });
                let why = "everything is halted".into();
                self.happens(Event::RevertStarted { id: InjectionId(0), attempt: 1, why });
            }
            Command::Log { text, .. } if text == "undone" => {
                let evidence = "they are back".into();
                self.happens(Event::Reverted { id: InjectionId(0), evidence });
            }
            Command::Log { text, .. } if text == "page" => self.happens(Event::IncidentOpened {
                id: IncidentId(40),
                team: "sre".into(),
                author: "ben".into(),
                title: "carts; are\u{7} empty".into(),
                severity: Severity::Sev2,
                happened: None,
                people: Vec::new(),
                tags: Vec::new(),
                signal: None,
            }),
            Command::Log { text, .. } if text == "late" => {
                self.clock.1.fetch_add(20, Ordering::SeqCst);
            }
            Command::Hold { .. } => {
                let tail = self.tail.lock().unwrap().clone().unwrap();
                let broken = std::thread::spawn(|| panic!("the engine broke"));
                assert!(broken.join().is_err());
                tail.send(FeedItem::RecordingTrouble(None)).unwrap();
            }
            _ => {}
        }
    }
}

fn note(report: &Path, line: &str) {
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(report).unwrap();
    writeln!(file, "{line}").unwrap();
}

/// Not a test by itself: the program that the tests below run in a pseudo-terminal.
#[test]
#[ignore = "runs inside the other tests"]
fn inside() {
    let Some(report) = std::env::var_os(REPORT).map(PathBuf::from) else { return };
    let (earlier, book) = (std::panic::take_hook(), report.clone());
    std::panic::set_hook(Box::new(move |info| {
        note(&book, &info.to_string());
        earlier(info);
    }));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let exit = runtime.block_on(async {
        let hangup = tokio::signal::unix::SignalKind::hangup();
        let _kept_alive = tokio::signal::unix::signal(hangup).unwrap();
        let clock = Arc::new(RealClock(Instant::now(), AtomicU64::new(0)));
        let (sender, tail) = mpsc::unbounded_channel();
        let (says, notices) = mpsc::unbounded_channel();
        let fault = std::env::var_os("FAULT").is_some();
        let snapshot = if fault { scenes::fault_active() } else { scenes::running(30) };
        let orders = Notebook {
            report: report.clone(),
            tail: Mutex::new(Some(sender)),
            seq: AtomicU64::new(snapshot.seq),
            clock: Arc::clone(&clock),
        };
        let options = Options {
            lang: Lang::new(Language::English),
            manners: Manners { mouse: true, title: true, call: Call::Osc777, calm: false },
            bindings: None,
            updates: None,
            write_down: None,
            theme: Theme::named("dark", Depth::True).unwrap(),
            looks: Looks::default(),
            keep: None,
            team: 0,
            by: "facilitator".into(),
            origin: Duration::ZERO,
            panes: tokio::sync::watch::channel(Panes::default()).0,
            left: Vec::new(),
            drafts: tokio::sync::watch::channel(Vec::new()).0,
            notices,
        };
        says.send(Notice::Report(vec!["/tmp/report.md".into()])).unwrap();
        run(Feed { snapshot, tail }, Arc::new(orders), clock, options).await
    });
    note(&report, &format!("exit {exit:?}"));
    runtime.shutdown_background();
}

struct Terminal {
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    /// Every byte so far.
    raw: Vec<u8>,
    child: Box<dyn Child + Send + Sync>,
    close: Arc<AtomicBool>,
    report: PathBuf,
    _folder: tempfile::TempDir,
}

impl Terminal {
    /// Runs a line of shell in which `$INSIDE` is the program.
    fn new(line: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let report = folder.path().join("report");
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new("bash");
        command.args(["--norc", "--noprofile", "-i", "-c", line]);
        let exe = std::env::current_exe().unwrap();
        let inside = "--exact screens::pty::inside --ignored --nocapture --test-threads=1 -q";
        command.env("INSIDE", format!("{} {inside}", exe.display()));
        command.env("FOLDER", folder.path());
        command.env(REPORT, &report);
        command.env("TERM", "xterm-256color");
        command.env("RUST_BACKTRACE", "0");
        command.cwd(folder.path());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (sender, bytes) = channel();
        let close = Arc::new(AtomicBool::new(false));
        let closed = Arc::clone(&close);
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                if sender.send(chunk[..count].to_vec()).is_err() || closed.load(Ordering::SeqCst) {
                    return;
                }
            }
        });
        let screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        Self {
            master: Some(pair.master),
            keys,
            bytes,
            screen,
            raw: Vec::new(),
            child,
            close,
            report,
            _folder: folder,
        }
    }

    fn text(&self) -> String {
        self.screen.screen().contents()
    }

    fn wait(&mut self, what: &str, until: impl Fn(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !until(self) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "waited for {what}:\n{}\n{:?}",
                self.text(),
                std::fs::read_to_string(&self.report)
            );
            if let Ok(bytes) = self.bytes.recv_timeout(left.min(Duration::from_millis(50))) {
                self.screen.process(&bytes);
                self.raw.extend_from_slice(&bytes);
            }
        }
    }

    fn count(&self, what: &str) -> usize {
        self.raw.windows(what.len()).filter(|part| *part == what.as_bytes()).count()
    }

    /// Everything that was asked of the terminal is taken back, in order, as often as it was asked; and nothing was
    /// asked again after that.
    fn assert_given_back(&self, visits: usize) {
        let last = |what: &str| {
            self.raw.windows(what.len()).rposition(|part| part == what.as_bytes()).unwrap_or(0)
        };
        for (taken, given) in [
            ("\u{1b}[?1049h", "\u{1b}[?1049l"),
            ("\u{1b}[?2004h", "\u{1b}[?2004l"),
            ("\u{1b}[?1004h", "\u{1b}[?1004l"),
            ("\u{1b}[?1000h", "\u{1b}[?1000l"),
            ("\u{1b}[?1002h", "\u{1b}[?1002l"),
            ("\u{1b}[?1006h", "\u{1b}[?1006l"),
            ("\u{1b}[22;0t", "\u{1b}[23;0t"),
        ] {
            assert_eq!((self.count(taken), self.count(given)), (visits, visits), "{taken:?}");
            assert!(last(taken) < last(given), "{given:?} comes last");
        }
        assert!(last("\u{1b}[?2026h") < last("\u{1b}[?2026l"));
        let titles: Vec<_> = ["RUNNING", "\u{1b}]0;\u{7}\u{1b}[23;0t"].map(last).into();
        assert!(titles[1] > titles[0], "the title is ours no more");
        let screen = self.screen.screen();
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
    }

    fn wait_for(&mut self, words: &str) {
        self.wait(words, |terminal| terminal.text().contains(words));
    }

    fn wait_for_note(&mut self, words: &str) {
        self.wait(words, |terminal| {
            std::fs::read_to_string(&terminal.report).unwrap_or_default().contains(words)
        });
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    fn is_screen(&self) -> bool {
        self.screen.screen().alternate_screen()
    }
}

#[test]
fn a_whole_visit_leaves_the_terminal_as_it_was() {
    let mut terminal =
        Terminal::new("stty -g > before; $INSIDE; stty -g > after; cmp before after && echo SAME");
    terminal.wait_for("RUNNING");
    assert!(terminal.is_screen() && terminal.screen.screen().bracketed_paste());
    let taken = terminal.screen.screen().mouse_protocol_mode();
    assert_eq!(taken, vt100::MouseProtocolMode::ButtonMotion, "not each step of the pointer");
    let encoding = terminal.screen.screen().mouse_protocol_encoding();
    assert_eq!(encoding, vt100::MouseProtocolEncoding::Sgr);
    terminal.wait("the title", |terminal| terminal.count("\u{1b}]0;gameday ► RUNNING · ") == 1);
    terminal.press("i日本 🐢");
    terminal.wait_for("sre › 日本 🐢");
    terminal.wait("the cursor", |terminal| terminal.screen.screen().cursor_position() == (21, 13));
    assert!(!terminal.screen.screen().hide_cursor());
    let size = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
    terminal.screen.screen_mut().set_size(40.try_into().unwrap(), 120.try_into().unwrap());
    terminal.master.as_ref().unwrap().resize(size).unwrap();
    terminal.wait("the draft on the larger screen", |terminal| {
        terminal.text().contains("╭ timeline") && terminal.text().contains("sre › 日本 🐢")
    });
    terminal.press("\u{1b}[200~ p99\nq\u{1b}[201~");
    terminal.wait_for("2 lines, each an entry of its own");
    terminal.press("\r");
    terminal.wait_for_note("text: \"q\"");
    terminal.press("\u{1b}");
    terminal.wait_for("i write log");
    terminal.press("q");
    terminal.wait_for("End the exercise now?");
    terminal.press("\r");
    terminal.wait_for("□ ENDED");
    terminal.wait_for("/tmp/report.md");
    // Nothing runs any more: nothing is drawn any more.
    while terminal.bytes.recv_timeout(Duration::from_millis(300)).is_ok() {}
    assert!(
        terminal.bytes.recv_timeout(Duration::from_millis(1_500)).is_err(),
        "idle, but drawing"
    );
    terminal.press("q");
    terminal.wait_for("SAME");
    terminal.assert_given_back(1);
    terminal.wait_for_note("exit Ok(Left)");
}

#[test]
fn the_shell_gets_the_terminal_for_a_while_and_gives_it_back() {
    let mut terminal =
        Terminal::new("set -m; FAULT=1 $INSIDE; echo STOPPED; read -r; fg; echo BACK");
    terminal.wait_for("RUNNING");
    terminal.press("i\u{1a}");
    // A stopped program can undo nothing: first everything is undone.
    terminal.wait_for("undoing, then suspending: 1 fault is left");
    terminal.wait_for_note("suspended with Ctrl-Z");
    assert!(terminal.is_screen());
    terminal.press("undone\r");
    terminal.wait_for("STOPPED");
    terminal.assert_given_back(1);
    assert!(terminal.text().contains("gameday is halted; no fault is active. fg comes back."));
    terminal.press("\r");
    terminal.wait("the screen again", Terminal::is_screen);
    terminal.wait_for("■ HALTED");
    terminal.wait_for("R releases, q ends · no fault is active");
    terminal.press("half a line");
    terminal.wait_for("half a line");
    terminal.press("\u{1b}");
    terminal.wait_for("i write log");
    terminal.press("q\r");
    terminal.wait_for("□ ENDED");
    terminal.press("q");
    terminal.wait_for("BACK");
    terminal.assert_given_back(2);
}

#[test]
fn a_fault_that_cannot_be_undone_does_not_keep_the_terminal() {
    let mut terminal =
        Terminal::new("set -m; FAULT=1 $INSIDE; echo STOPPED; read -r; fg; echo BACK");
    terminal.wait_for("RUNNING");
    terminal.press("i\u{1a}");
    terminal.wait_for("undoing, then suspending: 1 fault is left");
    terminal.press("late\r");
    terminal.wait_for("STOPPED");
    let says = terminal.text();
    assert!(says.contains("NOT undone") && says.contains("pod-failure: "), "{says}");
    terminal.press("\r");
    terminal.wait_for("1 fault is still being reverted");
    terminal.press("undone\r\u{1b}");
    terminal.wait_for("R releases, q ends · no fault is active");
    terminal.press("q\r");
    terminal.wait_for("□ ENDED");
    terminal.press("q");
    terminal.wait_for("BACK");
}

#[test]
fn the_mouse_does_what_keys_do() {
    let mut terminal = Terminal::new("FAULT=1 $INSIDE; echo LEFT");
    terminal.wait_for("RUNNING");
    // A wheel over the timeline zooms; a drag shows that stretch; the right button means nothing.
    let at = |terminal: &Terminal, words: &str| {
        let text = terminal.text();
        let rows = text.lines().enumerate();
        let mut found =
            rows.filter_map(|(y, row)| row.find(words).map(|x| (row[..x].chars().count(), y)));
        let (x, y) = found.next().unwrap_or_else(|| panic!("{words:?} is not on:\n{text}"));
        (x + 1, y + 1)
    };
    let (_, y) = at(&terminal, "timeline");
    terminal.press(&format!("\u{1b}[<2;40;{0}M\u{1b}[<64;40;{0}M", y + 2));
    terminal.wait_for("×2");
    terminal.press(&format!("\u{1b}[<65;40;{}M", y + 2));
    terminal.wait("the whole", |terminal| !terminal.text().contains("×2"));
    terminal.press(&format!("\u{1b}[<0;30;{0}M\u{1b}[<32;36;{0}M\u{1b}[<0;42;{0}m", y + 2));
    terminal.wait_for(". goes to now");
    let (x, y) = at(&terminal, "HALT ALL");
    terminal.press(&format!("\u{1b}[<0;{x};{y}M\u{1b}[<0;{x};{y}m"));
    terminal.wait_for("HALT ALL?");
    terminal.press("\u{1b}");
    terminal.wait("the question to go", |terminal| !terminal.text().contains("HALT ALL?"));
    terminal.press("q\r");
    terminal.wait_for("□ ENDED");
    terminal.press("q");
    terminal.wait_for("LEFT");
    terminal.assert_given_back(1);
}

#[test]
fn whoever_looks_elsewhere_is_called_and_nobody_else() {
    let mut terminal = Terminal::new("$INSIDE; echo LEFT");
    terminal.wait_for("RUNNING");
    let call = "\u{1b}]777;notify;gameday;Incident SEV2: carts, are\u{fffd} empty\u{1b}\\\u{7}";
    // It is looked at: it says what it has to say on itself.
    terminal.press("\u{1b}[Iipage\r");
    terminal.wait_for("carts; are");
    assert_eq!(terminal.count("\u{1b}]777"), 0);
    terminal.press("\u{1b}[Opage\r");
    terminal.wait("the call", |terminal| terminal.count(call) == 1);
    // What is done here calls nobody.
    terminal.press("\u{18}\u{18}");
    terminal.wait_for("■ HALTED");
    assert_eq!(terminal.count("\u{1b}]777"), 1);
    terminal.press("\u{1b}");
    terminal.wait_for("i write log");
    terminal.press("q\r");
    terminal.wait_for("□ ENDED");
    terminal.press("y");
    let text = base64::engine::general_purpose::STANDARD.encode("/tmp/report.md");
    terminal.wait("the copy", |terminal| {
        terminal.count(&format!("\u{1b}]52;c;{text}\u{1b}\\")) == 1
            && terminal.text().contains("/tmp/report.md")
    });
    terminal.press("q");
    terminal.wait_for("LEFT");
    terminal.assert_given_back(1);
}

#[test]
fn a_panic_anywhere_gives_the_terminal_back_and_says_so() {
    let mut terminal =
        Terminal::new("stty -g > before; $INSIDE; stty -g > after; cmp before after && echo SAME");
    terminal.wait_for("RUNNING");
    terminal.press(" ");
    terminal.wait_for("SAME");
    terminal.assert_given_back(1);
    assert!(terminal.text().contains("the engine broke"), "{}", terminal.text());
    terminal.wait_for_note("exit Err(Panicked)");
}

#[test]
fn a_lost_terminal_is_noticed() {
    let mut terminal = Terminal::new("exec $INSIDE");
    terminal.wait_for("RUNNING");
    // The reading end lets go after the next bytes; then nobody holds the terminal any more.
    terminal.close.store(true, Ordering::SeqCst);
    terminal.press("j");
    let end = Instant::now() + PATIENCE;
    while terminal.bytes.recv_timeout(PATIENCE).is_ok() {}
    drop(terminal.master.take());
    terminal.keys = Box::new(std::io::sink());
    while terminal.child.try_wait().unwrap().is_none() {
        let says = std::fs::read_to_string(&terminal.report);
        if Instant::now() > end {
            let id = terminal.child.process_id().unwrap();
            let _ = terminal.child.kill();
            panic!("process {id} is still there: {says:?}");
        }
        std::thread::yield_now();
    }
    terminal.wait_for_note("exit Ok(TerminalLost)");
}
