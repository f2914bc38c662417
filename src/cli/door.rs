//! The door of a running lab: a socket only its user can reach, where levers are asked for and log lines are
//! written. Not what comes of them.

use std::fs::{DirBuilder, Permissions, set_permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, BufWriter};
use tokio::net::unix::OwnedWriteHalf;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::words::{Audience, Reply, Request, Wish};
use crate::port::target::Answer;

/// No request is longer, and no answer. The longest line of the log fits into one.
const MOST_REQUEST: u64 = 32 * 1024;
pub(super) const MOST_ANSWER: u64 = 1024 * 1024;
/// A caller must say what it wants, and take the answer, within so long.
const PATIENCE: Duration = Duration::from_secs(10);
/// At most so many are served at once; others wait.
const GUESTS: usize = 16;
/// At most so many look on at once; others are told so.
const ONLOOKERS: usize = 16;
/// At most so many lines are written at once to one who looks on.
const BATCH: usize = 256;

/// Every line there is for those who look on, so far; closed when there will be no more. Each reads at its own pace and
/// nothing is kept for it: one that is slow holds nobody up.
pub(super) type Lines = watch::Receiver<Vec<Arc<str>>>;

/// Does what is asked for at the door.
pub(super) trait Keeper: Send + Sync {
    /// Does it, and says what came of it.
    fn serve(&self, request: Request) -> Answer<'_, Reply>;

    /// What may be looked on at; `None`: nothing.
    fn show(&self, audience: Audience) -> Option<Lines>;
}

/// Room for those who are served, and for those who look on.
struct Room {
    guests: Arc<Semaphore>,
    onlookers: Arc<Semaphore>,
}

/// An open door; dropping it closes it.
pub(super) struct Door {
    task: JoinHandle<()>,
    socket: PathBuf,
}

/// The folder of the socket within a lab's folder, and the socket in it.
const ROOM: &str = "control";
const SOCKET: &str = "socket";

/// Where the lab of this folder listens.
pub(super) fn socket(lab: &Path) -> PathBuf {
    lab.join(ROOM).join(SOCKET)
}

impl Door {
    /// Listens in the folder of a lab. Must be called inside a runtime.
    ///
    /// # Errors
    /// When there can be no socket, for example because the path of the folder is too long for one.
    pub(super) fn open(lab: &Path, keeper: Arc<dyn Keeper>) -> io::Result<Self> {
        // Nobody else may enter the folder, whatever the socket's own permissions are for a moment.
        DirBuilder::new().mode(0o700).create(lab.join(ROOM))?;
        let socket = socket(lab);
        let listener = UnixListener::bind(&socket)?;
        set_permissions(&socket, Permissions::from_mode(0o600))?;
        let task = tokio::spawn(serve(listener, keeper));
        Ok(Self { task, socket })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
        // Goes with the lab's folder otherwise.
        let _ = std::fs::remove_file(&self.socket);
    }
}

async fn serve(listener: UnixListener, keeper: Arc<dyn Keeper>) {
    let room = Arc::new(Room {
        guests: Arc::new(Semaphore::new(GUESTS)),
        onlookers: Arc::new(Semaphore::new(ONLOOKERS)),
    });
    loop {
        let Ok(place) = Arc::clone(&room.guests).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // No file descriptors, most likely: they come back.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (keeper, room) = (Arc::clone(&keeper), Arc::clone(&room));
        tokio::spawn(async move {
            // A caller that went away is nobody to tell.
            let Ok(Some((stream, lines))) = guest(stream, &*keeper).await else { return };
            drop(place);
            let _ = onlooker(stream, lines, &room.onlookers).await;
        });
    }
}

/// Serves one request; one who asked to look on comes back, with what there is to be seen.
async fn guest(stream: UnixStream, keeper: &dyn Keeper) -> io::Result<Option<(UnixStream, Lines)>> {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    let mut request = (&mut stream).take(MOST_REQUEST);
    match timeout(PATIENCE, request.read_until(b'\n', &mut line)).await {
        // Somebody only looked whether anybody is here.
        Ok(Ok(0)) => return Ok(None),
        Ok(read) => read?,
        Err(_) => return Ok(None),
    };
    let mut stream = stream.into_inner();
    let reply = match serde_json::from_slice::<Request>(&line) {
        Ok(Request { wish: Wish::Join(audience), .. }) => match keeper.show(audience) {
            Some(lines) => return Ok(Some((stream, lines))),
            None => Reply { ok: false, said: "there is no exercise here to join".into() },
        },
        Ok(request) => keeper.serve(request).await,
        Err(error) => Reply { ok: false, said: format!("this is no request: {error}").into() },
    };
    send(&mut stream, reply).await?;
    Ok(None)
}

async fn send(stream: &mut UnixStream, reply: Reply) -> io::Result<()> {
    let mut answer = serde_json::to_vec(&short(reply)).map_err(io::Error::other)?;
    answer.push(b'\n');
    timeout(PATIENCE, stream.write_all(&answer)).await?
}

/// Lets one look on until there is nothing more to see, it leaves, or it takes nothing for too long.
async fn onlooker(
    mut stream: UnixStream,
    mut lines: Lines,
    onlookers: &Semaphore,
) -> io::Result<()> {
    let Ok(_place) = onlookers.try_acquire() else {
        let said =
            format!("{ONLOOKERS} screens have joined already; leave one of them first").into();
        return send(&mut stream, Reply { ok: false, said }).await;
    };
    let (mut reader, writer) = stream.into_split();
    let mut writer = BufWriter::new(writer);
    let mut at = 0;
    let mut open = true;
    loop {
        let next: Vec<Arc<str>> = {
            let all = lines.borrow_and_update();
            all.iter().skip(at).take(BATCH).cloned().collect()
        };
        at += next.len();
        if !next.is_empty() {
            timeout(PATIENCE, hand_over(&mut writer, &next)).await??;
            continue;
        }
        if !open {
            return Ok(());
        }
        let mut nothing = [0; 1];
        tokio::select! {
            changed = lines.changed() => open = changed.is_ok(),
            // One who looks on says nothing here; its end of the line is closed when it leaves.
            _ = reader.read(&mut nothing) => return Ok(()),
        }
    }
}

async fn hand_over(writer: &mut BufWriter<OwnedWriteHalf>, lines: &[Arc<str>]) -> io::Result<()> {
    for line in lines {
        writer.write_all(line.as_bytes()).await?;
        writer.write_all(b"\n").await?;
    }
    writer.flush().await
}

/// No answer is so long that it would be cut in the middle of its line.
fn short(reply: Reply) -> Reply {
    // JSON makes six bytes of one at worst.
    let most = usize::try_from(MOST_ANSWER / 8).unwrap_or(usize::MAX);
    if reply.said.len() > most {
        let cut = (0..=most).rev().find(|at| reply.said.is_char_boundary(*at)).unwrap_or(0);
        let said = format!("{}…", reply.said.get(..cut).unwrap_or_default()).into();
        return Reply { said, ..reply };
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::words::Wish;

    struct Echo;

    impl Keeper for Echo {
        fn serve(&self, request: Request) -> Answer<'_, Reply> {
            let said = match request.wish {
                Wish::Lever(word) if word == "long" => "\u{1}".repeat(2 * 1024 * 1024),
                wish => format!("{wish:?} by {:?}", request.team),
            };
            Box::pin(async move { Reply { ok: true, said: said.into() } })
        }

        fn show(&self, _: Audience) -> Option<Lines> {
            None
        }
    }

    async fn say(socket: &Path, text: &[u8]) -> Vec<u8> {
        let mut stream = UnixStream::connect(socket).await.unwrap();
        stream.write_all(text).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn one_line_is_asked_and_one_is_answered_and_only_the_user_may_ask() {
        let lab = tempfile::tempdir().unwrap();
        let door = Door::open(lab.path(), Arc::new(Echo)).unwrap();
        let socket = socket(lab.path());
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&socket), mode(socket.parent().unwrap())), (0o600, 0o700));

        for (asked, understood) in [
            ("{\"lever\":\"promote\",\"team\":\"sre\"}\n", "Lever(\"promote\") by Some(\"sre\")"),
            ("{\"write\":\" a note\"}\n", "Write(\" a note\") by None"),
        ] {
            let answer = say(&socket, asked.as_bytes()).await;
            let reply: Reply = serde_json::from_slice(&answer).unwrap();
            assert_eq!(reply, Reply { ok: true, said: understood.into() });
            assert!(answer.ends_with(b"\n"));
        }
        let longest = serde_json::to_vec(&Request {
            wish: Wish::Write("🐢".repeat(4_000)),
            team: None,
            author: "ada".into(),
        });
        let answer = say(&socket, &[longest.unwrap(), b"\n".to_vec()].concat()).await;
        assert!(serde_json::from_slice::<Reply>(&answer).unwrap().ok);

        let answer = say(&socket, b"nonsense\n").await;
        let reply: Reply = serde_json::from_slice(&answer).unwrap();
        assert!(!reply.ok && reply.said.contains("no request"), "{}", reply.said);

        let answer = say(&socket, b"{\"lever\":\"long\"}\n").await;
        assert!(answer.len() as u64 <= MOST_ANSWER);
        assert!(serde_json::from_slice::<Reply>(&answer).unwrap().said.ends_with('…'));

        // A line that never ends is not read to its end.
        let mut stream = UnixStream::connect(&socket).await.unwrap();
        let endless = vec![b'x'; 4 * MOST_REQUEST as usize];
        let _ = stream.write_all(&endless).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.len() < 1_000);

        drop(door);
        assert!(!socket.exists() && UnixStream::connect(&socket).await.is_err());
    }
}
