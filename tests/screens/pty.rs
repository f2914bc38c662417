//! The shell in a pseudo-terminal: what it leaves behind, on every path. This test program starts itself in there.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use gameday::exercise::command::Command;
use gameday::exercise::event::{Envelope, Event, Outcome};
use gameday::exercise::state::{Stage, State};
use gameday::port::clock::Clock;
use gameday::port::feed::{Feed, FeedItem, Orders};
use gameday::tui::shell::{Notice, Options, run};
use gameday::tui::theme::{Depth, Theme};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tokio::sync::mpsc;

use super::scenes;

/// Set for the program inside: where it writes what happened.
const REPORT: &str = "GAMEDAY_TEST_REPORT";
const PATIENCE: Duration = Duration::from_secs(10);

struct RealClock(Instant);

impl Clock for RealClock {
    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }
    fn wall_millis(&self) -> i64 {
        i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
    }
}

/// Writes every command down. `End` ends the exercise, `Hold` panics in another thread.
struct Notebook {
    report: PathBuf,
    tail: Mutex<Option<mpsc::UnboundedSender<FeedItem>>>,
    seq: u64,
}

impl Orders for Notebook {
    fn send(&self, command: Command) {
        note(&self.report, &format!("{command:?}"));
        match command {
            Command::End { .. } => {
                let event = Event::Ended { outcome: Outcome::EndedEarly, why: "enough".into() };
                let envelope = Envelope { seq: self.seq + 1, stamp: scenes::at(60), event };
                let tail = self.tail.lock().unwrap().take().unwrap();
                tail.send(FeedItem::Event(Arc::new(envelope))).unwrap();
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

fn fold(state: &mut State, envelope: &Envelope) {
    state.seq = envelope.seq;
    if let Event::Ended { outcome, why } = &envelope.event {
        state.stage = Stage::Ended;
        state.outcome = Some((*outcome, why.clone()));
    }
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
        let (sender, tail) = mpsc::unbounded_channel();
        let (says, notices) = mpsc::unbounded_channel();
        let snapshot = scenes::running(30);
        let seq = snapshot.seq;
        let orders = Notebook { report: report.clone(), tail: Mutex::new(Some(sender)), seq };
        let options = Options {
            theme: Theme::named("dark", Depth::True).unwrap(),
            by: "facilitator".into(),
            origin: Duration::ZERO,
            fold,
            judge: Arc::new(|_| Vec::new()),
            notices,
        };
        says.send(Notice::Report(vec!["/tmp/report.md".into()])).unwrap();
        let clock = Arc::new(RealClock(Instant::now()));
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
            }
        }
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
    assert!(!terminal.is_screen() && !terminal.screen.screen().bracketed_paste());
    assert!(!terminal.screen.screen().hide_cursor());
    terminal.wait_for_note("exit Ok(Left)");
}

#[test]
fn the_shell_gets_the_terminal_for_a_while_and_gives_it_back() {
    let mut terminal = Terminal::new("set -m; $INSIDE; echo STOPPED; read -r; fg; echo BACK");
    terminal.wait_for("RUNNING");
    terminal.press("ihalf a line");
    terminal.wait_for("half a line");
    terminal.press("\u{1a}");
    terminal.wait_for("STOPPED");
    assert!(!terminal.is_screen() && !terminal.screen.screen().bracketed_paste());
    terminal.press("\r");
    terminal.wait("the screen again", Terminal::is_screen);
    terminal.wait_for("half a line");
    terminal.press("\u{1b}");
    terminal.wait_for("i write log");
    terminal.press("q\r");
    terminal.wait_for("□ ENDED");
    terminal.press("q");
    terminal.wait_for("BACK");
}

#[test]
fn a_panic_anywhere_gives_the_terminal_back_and_says_so() {
    let mut terminal =
        Terminal::new("stty -g > before; $INSIDE; stty -g > after; cmp before after && echo SAME");
    terminal.wait_for("RUNNING");
    terminal.press(" ");
    terminal.wait_for("SAME");
    assert!(!terminal.is_screen());
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
