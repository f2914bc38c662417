//! The output of a command as a figure: for what no server of metrics knows. Not a shell: the query is a list of words, and
//! whoever wants a shell names it.
//!
//! The query is a JSON list: `["sh", "-c", "wc -l < queue"]`. The last line that the command says is the figure: a number,
//! perhaps with `ms`, `s` (which becomes milliseconds) or `%` (which becomes a share) behind it. When it is over, nothing of
//! it runs on: the command and all that it started is ended.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};

use crate::exercise::found::{Dot, Found, Labels, Track, Value};
use crate::exercise::said::{Said, said};
use crate::gameday::span::Span;
use crate::gameday::text::printable;
use crate::port::clock::Clock;
use crate::port::source::{Ask, Source};
use crate::port::target::Answer;
use crate::port::trouble::{SourceError, Trouble};

/// A command says no more than this.
pub const MOST_BYTES: usize = 64 * 1024;

/// Who holds the output open when the command is over is waited for so long; nothing more is due.
const GRACE: Duration = Duration::from_millis(200);
/// Nothing that was ended by force is waited for any longer.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// Takes figures by commands.
pub struct Commands {
    limit: Span,
    clock: Arc<dyn Clock>,
}

impl Commands {
    /// Commands may take `limit`.
    pub fn new(limit: Span, clock: Arc<dyn Clock>) -> Self {
        Self { limit, clock }
    }

    async fn run(&self, ask: &Ask) -> Result<Found, SourceError> {
        let words: Vec<String> = serde_json::from_str(&ask.query).unwrap_or_default();
        let Some((program, rest)) = words.split_first().filter(|(first, _)| !first.is_empty())
        else {
            let why = "it is no list of words such as [\"wc\", \"-l\", \"/var/log/syslog\"]";
            let query = printable(&ask.query, 200);
            let trouble = Trouble::Query { query, why: why.to_owned() };
            return Err(SourceError { server: "command".to_owned(), trouble });
        };
        let at = self.clock.wall_millis();
        let figure = self.figure(program, rest).await.map_err(|why| SourceError {
            server: printable(program, 100),
            trouble: Trouble::Command(Box::new(why)),
        })?;
        let dots = vec![Dot { at, value: Value::from(figure) }];
        let tracks = vec![Track { labels: Labels::default(), dots }];
        Ok(Found { tracks, ..Found::default() })
    }

    async fn figure(&self, program: &str, rest: &[String]) -> Result<f64, Said> {
        let mut command = Command::new(program);
        command
            .args(rest)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| {
            let why = printable(&error.to_string(), 200);
            said!("command-unstarted", "it cannot be started: {why}", why = why)
        })?;
        let told = self.told(&mut child).await?;
        if !told.status.success() {
            return Err(unsuccessful(told.status, &told.complaint));
        }
        let text = String::from_utf8_lossy(&told.output);
        let Some(line) = last_line(&text) else {
            return Err(said!("command-silent", "it says nothing"));
        };
        number(line).ok_or_else(|| {
            let line = printable(line, 100);
            said!("command-no-number", "its last line is no number: {line}", line = line)
        })
    }

    /// Everything a command says until it is over. Nothing of it is left when this ends, however it ends.
    async fn told(&self, child: &mut Child) -> Result<Told, Said> {
        let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let mut group = Group(pid);
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let (mut output, mut complaint) = (Vec::new(), Vec::new());
        let over = {
            let reading =
                async { tokio::join!(read(out, &mut output), drained(err, &mut complaint)).0 };
            let over = ended(pid);
            tokio::pin!(reading, over);
            let whole = async {
                let mut all = false;
                loop {
                    tokio::select! {
                        fits = &mut reading, if !all => match fits {
                            true => all = true,
                            // Whoever says too much may never get to the end.
                            false => return Err(too_long()),
                        },
                        () = &mut over => break,
                    }
                }
                // It is not collected yet and still has its number, so nobody else is met.
                group.end();
                let fits = all || tokio::time::timeout(GRACE, reading).await.unwrap_or(true);
                if fits { Ok(()) } else { Err(too_long()) }
            };
            tokio::time::timeout(Duration::from(self.limit), whole).await
        };
        group.end();
        let status = tokio::time::timeout(LAST_WAIT, child.wait()).await;
        match (over, status) {
            (Err(_), _) => Err(said!(
                "command-timeout",
                "it was not over within {limit}, and was ended",
                limit = self.limit
            )),
            (Ok(Err(why)), _) => Err(why),
            (Ok(Ok(())), Ok(Ok(status))) => Ok(Told { output, complaint, status }),
            (Ok(Ok(())), _) => Err(said!("command-silent", "it says nothing")),
        }
    }
}

fn too_long() -> Said {
    said!("command-too-long", "it says more than {bytes} bytes", bytes = MOST_BYTES)
}

impl Source for Commands {
    fn place(&self) -> &str {
        "command"
    }

    fn ask<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Result<Found, SourceError>> {
        Box::pin(self.run(ask))
    }
}

/// What a command said, and how it was over.
struct Told {
    output: Vec<u8>,
    complaint: Vec<u8>,
    status: ExitStatus,
}

/// The command and all that it started. It is ended once, before the command is collected: after that, its number could be
/// another's.
struct Group(Option<Pid>);

impl Group {
    fn end(&mut self) {
        // Of one that is over already, nothing is left to end.
        let _ = self.0.take().map(|pid| kill_process_group(pid, Signal::KILL));
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Where the question was given up.
        self.end();
    }
}

/// Waits for the end of a command, and leaves it to be collected.
async fn ended(pid: Option<Pid>) {
    let Some(pid) = pid else { return };
    let waiting = move || loop {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(pid), options) {
            Err(Errno::INTR) => {}
            _ => return,
        }
    };
    let _ = tokio::task::spawn_blocking(waiting).await;
}

/// Reads to the end; `false`: it is longer than may be.
async fn read(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) -> bool {
    let Some(mut from) = from else { return true };
    while let Ok(some) = from.read_buf(into).await {
        if some == 0 {
            return true;
        }
        if into.len() > MOST_BYTES {
            return false;
        }
    }
    true
}

/// Reads to the end, and keeps the beginning.
async fn drained(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) {
    let Some(mut from) = from else { return };
    let mut piece = [0; 4 * 1024];
    while let Ok(some @ 1..) = from.read(&mut piece).await {
        let room = MOST_BYTES - into.len();
        into.extend_from_slice(piece.get(..some.min(room)).unwrap_or_default());
    }
}

fn unsuccessful(status: ExitStatus, complaint: &[u8]) -> Said {
    if let Some(number) = status.signal() {
        return said!(
            "command-killed",
            "it was ended by signal {number}",
            number = number.to_string()
        );
    }
    let code = status.code().unwrap_or_default();
    let text = String::from_utf8_lossy(complaint);
    let words = last_line(&text).map_or_else(|| "…".to_owned(), |line| printable(line, 200));
    said!(
        "command-exit",
        "it ended with code {code}: {words}",
        words = words,
        code = code.to_string()
    )
}

fn last_line(text: &str) -> Option<&str> {
    text.lines().rev().map(str::trim).find(|line| !line.is_empty())
}

/// A number with its unit, in milliseconds where it is a time, and as a share where it is percent.
fn number(text: &str) -> Option<f64> {
    // Moving the point in the text keeps 99.9% exactly 0.999.
    let ends = [("ms", ""), ("s", "e3"), ("%", "e-2"), ("", "")];
    let (digits, moved) =
        ends.into_iter().find_map(|(end, moved)| Some((text.strip_suffix(end)?.trim(), moved)))?;
    // Neither infinity nor its like.
    let known = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
    let number = format!("{digits}{moved}").parse::<f64>().ok()?;
    (digits.chars().all(known) && number.is_finite()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_units() {
        for (text, number_of) in [
            ("42", Some(42.0)),
            ("-1.5e3", Some(-1500.0)),
            ("12 ms", Some(12.0)),
            ("1.5s", Some(1500.0)),
            ("99.9%", Some(0.999)),
            ("nan", None),
            ("inf", None),
            ("1e999", None),
            ("12 apples", None),
            ("%", None),
            ("", None),
        ] {
            assert_eq!(number(text), number_of, "{text}");
        }
    }
}
