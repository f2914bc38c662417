//! A connection whose bytes can be late, lost or cut off, as the link to its peer says. Without a fault it is the plain
//! socket and one flag.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

use super::faults::{Link, Side, Way};
use crate::port::clock::Clock;

/// How many bytes may be under way in one direction, like a socket buffer.
const UNDER_WAY: usize = 256 * 1024;

/// So often a connection that stands still looks whether the fault is over.
const LOOK: Duration = Duration::from_millis(20);

/// A lost first packet of a connection is sent again after so long.
const CONNECT_AGAIN: Duration = Duration::from_secs(1);

/// Bytes under way in one direction.
#[derive(Default)]
struct Queue {
    chunks: VecDeque<(Duration, Bytes)>,
    bytes: usize,
    last: Duration,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Queue {
    /// Adds a segment that arrives `late` after `now`, though never before the one ahead of it.
    fn push(&mut self, chunk: Bytes, now: Duration, late: Duration) {
        self.last = self.last.max(now + late);
        self.bytes += chunk.len();
        self.chunks.push_back((self.last, chunk));
    }

    /// The first segment, if it has arrived at `now`; else wakes the task when it is worth looking again.
    fn due(
        &mut self,
        way: Option<&Way>,
        now: Duration,
        cx: &mut Context<'_>,
    ) -> Option<&mut Bytes> {
        let wait = match (way, self.chunks.front()) {
            (Some(way), _) if way.cut => LOOK,
            (_, None) => return None,
            (Some(_), Some((due, _))) if *due > now => (*due - now).min(LOOK),
            _ => {
                self.timer = None;
                return self.chunks.front_mut().map(|(_, chunk)| chunk);
            }
        };
        let mut timer = Box::pin(tokio::time::sleep(wait));
        if timer.as_mut().poll_elapsed_now(cx) {
            cx.waker().wake_by_ref();
        }
        self.timer = Some(timer);
        None
    }

    /// Takes `count` bytes away from the first segment.
    fn advance(&mut self, count: usize) {
        self.bytes -= count;
        if let Some((_, chunk)) = self.chunks.front_mut() {
            chunk.advance(count);
            if chunk.is_empty() {
                self.chunks.pop_front();
            }
        }
    }
}

/// Polls a fresh timer once, so that it knows whom to wake.
trait PollOnce {
    fn poll_elapsed_now(self, cx: &mut Context<'_>) -> bool;
}

impl PollOnce for Pin<&mut Sleep> {
    fn poll_elapsed_now(self, cx: &mut Context<'_>) -> bool {
        Future::poll(self, cx).is_ready()
    }
}

/// A connection with one peer.
pub(super) struct Wire {
    stream: TcpStream,
    link: Arc<Link>,
    clock: Arc<dyn Clock>,
    outbound: Queue,
    inbound: Queue,
    ended: bool,
}

impl Wire {
    /// Wraps an open connection.
    pub(super) fn new(stream: TcpStream, link: Arc<Link>, clock: Arc<dyn Clock>) -> Self {
        // Small messages must not wait for one another; a socket that refuses is only slower.
        let _ = stream.set_nodelay(true);
        let (outbound, inbound) = Default::default();
        Self { stream, link, clock, outbound, inbound, ended: false }
    }

    /// Opens a connection; what is wrong with the link is felt here too. The caller sets the limit.
    pub(super) async fn connect(
        address: SocketAddr,
        link: Arc<Link>,
        clock: Arc<dyn Clock>,
    ) -> io::Result<Self> {
        while link.active() {
            let rule = link.rule();
            if rule.outbound.cut || rule.inbound.cut {
                tokio::time::sleep(LOOK).await;
                continue;
            }
            let now = clock.monotonic();
            let there = link.lateness(Side::Out, &rule.outbound, 0, now);
            let back = link.lateness(Side::In, &rule.inbound, 0, now);
            let delays = rule.outbound.loss > 0.0 || rule.inbound.loss > 0.0;
            let wait = if delays && there + back >= CONNECT_AGAIN / 5 {
                (there + back).max(CONNECT_AGAIN)
            } else {
                there + back
            };
            tokio::time::sleep(wait).await;
            break;
        }
        Ok(Self::new(TcpStream::connect(address).await?, link, clock))
    }

    fn plain(&self) -> bool {
        !self.link.active()
            && self.outbound.chunks.is_empty()
            && self.inbound.chunks.is_empty()
            && !self.ended
    }

    fn ways(&self) -> (Option<Way>, Option<Way>) {
        if self.link.active() {
            let rule = self.link.rule();
            (Some(rule.outbound), Some(rule.inbound))
        } else {
            (None, None)
        }
    }

    /// Hands to the socket what has arrived; ready when nothing is under way.
    fn drive(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let way = self.ways().0;
        while !self.outbound.chunks.is_empty() {
            let now = self.clock.monotonic();
            let Some(chunk) = self.outbound.due(way.as_ref(), now, cx) else {
                return Poll::Pending;
            };
            let count = ready!(Pin::new(&mut self.stream).poll_write(cx, chunk))?;
            self.outbound.advance(count);
        }
        Poll::Ready(Ok(()))
    }

    fn read_late(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let way = self.ways().1;
        let cut = way.is_some_and(|way| way.cut);
        let now = self.clock.monotonic();
        let mut scratch = [0_u8; 16 * 1024];
        while !cut && !self.ended && self.inbound.bytes < UNDER_WAY {
            let mut piece = ReadBuf::new(&mut scratch);
            match Pin::new(&mut self.stream).poll_read(cx, &mut piece) {
                Poll::Pending => break,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Ready(Ok(())) if piece.filled().is_empty() => self.ended = true,
                Poll::Ready(Ok(())) => {
                    let bytes = piece.filled().len();
                    let late = way.map_or(Duration::ZERO, |way| {
                        self.link.lateness(Side::In, &way, bytes, now)
                    });
                    self.inbound.push(Bytes::copy_from_slice(piece.filled()), now, late);
                }
            }
        }
        if let Some(chunk) = self.inbound.due(way.as_ref(), now, cx) {
            let count = chunk.len().min(buf.remaining());
            buf.put_slice(&chunk[..count]);
            self.inbound.advance(count);
            return Poll::Ready(Ok(()));
        }
        if self.ended && self.inbound.chunks.is_empty() && !cut {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.plain() {
            return Pin::new(&mut this.stream).poll_read(cx, buf);
        }
        // Whoever waits for an answer also keeps what it sent on its way.
        if let Poll::Ready(Err(error)) = this.drive(cx) {
            return Poll::Ready(Err(error));
        }
        this.read_late(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.plain() {
            return Pin::new(&mut this.stream).poll_write(cx, data);
        }
        if this.outbound.bytes >= UNDER_WAY {
            ready!(this.drive(cx))?;
        }
        let count = data.len().min(UNDER_WAY);
        let way = this.ways().0;
        let now = this.clock.monotonic();
        let late =
            way.map_or(Duration::ZERO, |way| this.link.lateness(Side::Out, &way, count, now));
        this.outbound.push(Bytes::copy_from_slice(&data[..count]), now, late);
        if let Poll::Ready(Err(error)) = this.drive(cx) {
            return Poll::Ready(Err(error));
        }
        Poll::Ready(Ok(count))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.plain() {
            return Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, bufs);
        }
        let first = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[][..], |buf| &**buf);
        self.poll_write(cx, first)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.outbound.chunks.is_empty() {
            ready!(this.drive(cx))?;
        }
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.outbound.chunks.is_empty() {
            ready!(this.drive(cx))?;
        }
        Pin::new(&mut this.stream).poll_shutdown(cx)
    }
}
