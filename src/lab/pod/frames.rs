//! Messages with a length and a number over one connection: many questions under way, answers in any order. Used by cache
//! and database; what is inside a message is theirs.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::context::Context;
use super::door::accept;
use super::faults::Link;
use super::upstream::CallError;
use super::using::Using;
use super::wire::Wire;
use crate::lab::channel::Endpoint;
use crate::lab::lock::lock;

/// No message is longer.
const LONGEST: usize = 4 * 1024 * 1024;

/// Questions under way per connection; more wait for their turn.
const UNDER_WAY: usize = 1_024;

/// Length and number.
const HEAD: usize = 8;

fn put(out: &mut BytesMut, id: u32, payload: &[u8]) {
    out.reserve(HEAD + payload.len());
    out.put_u32(u32::try_from(payload.len()).unwrap_or(u32::MAX));
    out.put_u32(id);
    out.put_slice(payload);
}

fn take(input: &mut BytesMut) -> io::Result<Option<(u32, Bytes)>> {
    if input.len() < HEAD {
        return Ok(None);
    }
    let length = (&input[..4]).get_u32() as usize;
    if length > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "message too long"));
    }
    if input.len() < HEAD + length {
        return Ok(None);
    }
    let mut frame = input.split_to(HEAD + length);
    frame.advance(4);
    let id = frame.get_u32();
    Ok(Some((id, frame.freeze())))
}

/// An answer, at once or later.
pub(super) enum Later {
    /// At once.
    Now(Bytes),
    /// Later; others may be answered first.
    Soon(Pin<Box<dyn Future<Output = Bytes> + Send>>),
}

/// Answers messages.
pub(super) trait Answerer: Send + Sync + 'static {
    /// Answers one.
    fn answer(self: &Arc<Self>, question: Bytes) -> Later;

    /// A connection was opened, or has ended.
    fn connected(&self, _opened: bool) {}
}

/// Takes connections for ever.
pub(super) async fn serve<A: Answerer>(
    context: Arc<Context>,
    listener: TcpListener,
    answerer: Arc<A>,
) {
    let take = |wire| {
        let answerer = Arc::clone(&answerer);
        tokio::spawn(async move {
            answerer.connected(true);
            // A connection that breaks is the caller's business.
            let _ = serve_one(wire, &answerer).await;
            answerer.connected(false);
        });
    };
    accept(context, listener, take).await;
}

async fn serve_one<A: Answerer>(mut wire: Wire, answerer: &Arc<A>) -> io::Result<()> {
    let mut input = BytesMut::with_capacity(16 * 1024);
    let mut output = BytesMut::with_capacity(16 * 1024);
    let mut slow = FuturesUnordered::new();
    loop {
        while let Some((id, question)) = take(&mut input)? {
            match answerer.answer(question) {
                Later::Now(answer) => put(&mut output, id, &answer),
                Later::Soon(answer) => slow.push(async move { (id, answer.await) }),
            }
        }
        if !output.is_empty() {
            // No flush: what is late on the wire moves on while the next message is waited for.
            wire.write_all_buf(&mut output).await?;
        }
        tokio::select! {
            Some((id, answer)) = slow.next(), if !slow.is_empty() => put(&mut output, id, &answer),
            read = wire.read_buf(&mut input) => if read? == 0 { return Ok(()) },
        }
    }
}

type Question = (Bytes, oneshot::Sender<Bytes>);

/// One pod that is asked over frames: one connection, opened when needed.
pub(super) struct Line {
    /// Its name.
    pub pod: String,
    /// Where it listens.
    pub address: SocketAddr,
    link: Arc<Link>,
    context: Arc<Context>,
    open: Mutex<Option<mpsc::Sender<Question>>>,
    in_use: AtomicUsize,
    heard: AtomicU64,
}

impl Line {
    /// Not yet opened.
    pub(super) fn new(context: &Arc<Context>, endpoint: &Endpoint) -> Arc<Self> {
        Arc::new(Self {
            pod: endpoint.pod.clone(),
            address: endpoint.address,
            link: context.faults.link(&endpoint.pod),
            context: Arc::clone(context),
            open: Mutex::default(),
            in_use: AtomicUsize::new(0),
            heard: AtomicU64::new(micros(context.now())),
        })
    }

    /// Asks, and waits for the answer for at most `limit`.
    pub(super) async fn ask(&self, question: Bytes, limit: Duration) -> Result<Bytes, CallError> {
        let _using = Using::of(&self.in_use);
        let exchange = async {
            self.link.before_request().await;
            let (tell, told) = oneshot::channel();
            self.sender().send((question, tell)).await.map_err(|_| CallError::Broken)?;
            told.await.map_err(|_| CallError::Broken)
        };
        let answer = tokio::time::timeout(limit, exchange).await.unwrap_or(Err(CallError::Late));
        if answer.is_ok() {
            self.heard.store(micros(self.context.now()), Ordering::Relaxed);
        }
        answer
    }

    /// How long ago the last answer came, or the line was made.
    pub(super) fn silence(&self) -> Duration {
        let heard = Duration::from_micros(self.heard.load(Ordering::Relaxed));
        self.context.now().saturating_sub(heard)
    }

    /// Shows what is under way.
    pub(super) fn show(&self) {
        let open = lock(&self.open);
        let idle = usize::from(open.as_ref().is_some_and(|sender| !sender.is_closed()));
        self.context.metrics.show_pool(&self.pod, self.in_use.load(Ordering::Relaxed), idle);
    }

    fn sender(&self) -> mpsc::Sender<Question> {
        let mut open = lock(&self.open);
        if let Some(sender) = open.as_ref().filter(|sender| !sender.is_closed()) {
            return sender.clone();
        }
        let (sender, questions) = mpsc::channel(UNDER_WAY);
        *open = Some(sender.clone());
        let link = Arc::clone(&self.link);
        let connect = Wire::connect(self.address, link, Arc::clone(&self.context.clock));
        tokio::spawn(async move {
            // Whoever waits for an answer learns by the answer's absence that the connection broke.
            let _ = talk(connect, questions).await;
        });
        sender
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

async fn talk(
    connect: impl Future<Output = io::Result<Wire>>,
    mut questions: mpsc::Receiver<Question>,
) -> io::Result<()> {
    let mut wire = connect.await?;
    let mut input = BytesMut::with_capacity(16 * 1024);
    let mut output = BytesMut::with_capacity(16 * 1024);
    let mut waiting: HashMap<u32, oneshot::Sender<Bytes>> = HashMap::new();
    let mut next = 0_u32;
    let mut batch = Vec::with_capacity(64);
    loop {
        while let Some((id, answer)) = take(&mut input)? {
            if let Some(tell) = waiting.remove(&id) {
                // Whoever asked may have given up.
                let _ = tell.send(answer);
            }
        }
        tokio::select! {
            count = questions.recv_many(&mut batch, 64), if waiting.len() < UNDER_WAY => {
                if count == 0 {
                    return Ok(());
                }
                for (question, tell) in batch.drain(..) {
                    next = next.wrapping_add(1);
                    put(&mut output, next, &question);
                    waiting.insert(next, tell);
                }
                // No flush: what is late on the wire moves on while answers are waited for.
                wire.write_all_buf(&mut output).await?;
            }
            read = wire.read_buf(&mut input) => if read? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            },
        }
    }
}
