//! A pseudo-terminal with a screen that can be read and waited for.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// The longest any single thing may take: builds for tests are slow, machines are shared.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keys: Option<Box<dyn Write + Send>>,
    bytes: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    master: Option<Box<dyn MasterPty + Send>>,
    /// The reader lets go of the terminal after the next bytes.
    let_go: Arc<AtomicBool>,
}

impl Terminal {
    /// Starts the program in a terminal of this size with its data in `data`.
    pub fn start(arguments: &[&str], data: &Path, columns: u16, rows: u16) -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self::start_in(here, arguments, data, columns, rows)
    }

    /// The same in the folder `here`.
    pub fn start_in(here: &Path, arguments: &[&str], data: &Path, columns: u16, rows: u16) -> Self {
        Self::start_after(here, arguments, data, (columns, rows), "1s")
    }

    /// The same with a briefing that goes by itself after `countdown`.
    pub fn start_after(
        here: &Path,
        arguments: &[&str],
        data: &Path,
        size: (u16, u16),
        countdown: &str,
    ) -> Self {
        Self::start_with(here, arguments, data, size, &[("GAMEDAY_COUNTDOWN", countdown)])
    }

    /// The same with these variables in its environment.
    pub fn start_with(
        here: &Path,
        arguments: &[&str],
        data: &Path,
        (columns, rows): (u16, u16),
        environment: &[(&str, &str)],
    ) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gameday"));
        command.args(arguments);
        command.env("GAMEDAY_DATA", data);
        for (name, value) in environment {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        command.cwd(here);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut output = pair.master.try_clone_reader().unwrap();
        let (sender, bytes) = channel();
        let let_go = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&let_go);
        std::thread::spawn(move || {
            let mut buffer = [0_u8; 16_384];
            while let Ok(count) = output.read(&mut buffer) {
                let closed = count == 0 || asked.load(Ordering::Acquire);
                if closed || sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let rows = rows.try_into().unwrap();
        let columns = columns.try_into().unwrap();
        Self {
            child,
            keys: Some(pair.master.take_writer().unwrap()),
            bytes,
            screen: vt100::Parser::new(rows, columns, 0),
            master: Some(pair.master),
            let_go,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub fn press(&mut self, keys: &str) {
        let writer = self.keys.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Waits until the screen holds what is asked for; fails with the screen.
    #[track_caller]
    pub fn wait(&mut self, what: &str, holds: impl Fn(&str) -> bool) {
        if let Err(why) = self.try_wait(what, holds) {
            panic!("{why}");
        }
    }

    /// The same for who has something to say of it. The error holds the screen.
    pub fn try_wait(&mut self, what: &str, holds: impl Fn(&str) -> bool) -> Result<(), String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let text = self.text();
            if holds(&text) {
                return Ok(());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.bytes.recv_timeout(left) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(RecvTimeoutError::Timeout) => {
                    return Err(format!("waited in vain for {what}; the screen:\n{text}"));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(format!("ended before {what}; the screen:\n{text}"));
                }
            }
        }
    }

    /// Waits until the screen shows `text`.
    #[track_caller]
    pub fn see(&mut self, text: &str) {
        self.wait(text, |screen| screen.contains(text));
    }

    /// Ends a running exercise with keys, leaves the program, and looks that the terminal is as it was.
    pub fn end_exercise(&mut self) {
        self.end_after("End the exercise now?");
    }

    /// The same of a watch.
    pub fn end_watch(&mut self) {
        assert_eq!(self.end_after("End the watch?"), 0);
    }

    fn end_after(&mut self, question: &str) -> u32 {
        self.press("q");
        self.see(question);
        self.press("\r");
        self.see("ENDED");
        self.press("q");
        let code = self.end();
        self.assert_restored();
        code
    }

    /// Waits until the program has ended; returns its exit code.
    pub fn end(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.bytes.recv_timeout(left) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("does not end; the screen:\n{}", self.text())
                }
            }
        }
        self.child.wait().unwrap().exit_code()
    }

    /// Closes the terminal under the program, as a lost connection does, and waits until the program has ended.
    pub fn hang_up(&mut self) {
        self.let_go.store(true, Ordering::Release);
        self.keys = None;
        self.master = None;
        self.child.wait().unwrap();
    }

    /// Whether the terminal is as a shell expects it.
    #[track_caller]
    pub fn assert_restored(&self) {
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is on");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
