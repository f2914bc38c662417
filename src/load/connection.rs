//! One keep-alive connection: exchanges one request at a time for an answer. Knows no schedule.
//!
//! The connection, the request on it and the body of its answer are polled by one task. What hyper makes of
//! the bytes is looked at right after hyper was polled, so its channels need wake nobody.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use hyper::body::{Body as _, Incoming};
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::desk::Desk;
use super::outcome::Outcome;
use super::request::Body;
use super::seat::{Job, Seat};

/// Opens a connection for the job that lies at `seat`, and serves whatever is laid there until it closes.
pub async fn run(desk: Rc<Desk>, seat: Rc<Seat>) {
    let mut next = seat.take();
    while let Some(job) = next {
        let opened = match patient(&seat, desk.order.dial.open(desk.now())).await {
            None => Err(Outcome::Timeout),
            Some(Err(error)) => Err(Outcome::of_connect(&error)),
            Some(Ok(stream)) => Ok(stream),
        };
        next = match (opened, &desk.order.secure) {
            (Err(outcome), _) => give_up(&desk, &seat, &job, outcome),
            (Ok(stream), None) => converse(&desk, &seat, job, stream).await,
            (Ok(stream), Some(secure)) => {
                let shake = secure.connector.connect(secure.name.clone(), stream);
                match patient(&seat, shake).await {
                    None => give_up(&desk, &seat, &job, Outcome::Timeout),
                    Some(Err(error)) => give_up(&desk, &seat, &job, Outcome::of_handshake(&error)),
                    Some(Ok(stream)) => converse(&desk, &seat, job, stream).await,
                }
            }
        };
    }
}

fn give_up(desk: &Rc<Desk>, seat: &Rc<Seat>, job: &Job, outcome: Outcome) -> Option<Job> {
    desk.settle(seat, job, outcome, false);
    None
}

/// The result of `future`; `None` when the time of the job under way is up before.
async fn patient<F: Future>(seat: &Seat, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|context| {
        seat.attend(context);
        if seat.expired() {
            return Poll::Ready(None);
        }
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// Serves jobs on an open stream. Gives a job back when the stream turned out to be closed before anything
/// of it was sent, and had served before: that is no fault of the target.
async fn converse<S>(desk: &Rc<Desk>, seat: &Rc<Seat>, first: Job, stream: S) -> Option<Job>
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    desk.opened(seat);
    let shake = http1::Builder::new().writev(false).handshake(TokioIo::new(stream)).await;
    let Ok((sender, connection)) = shake else {
        return give_up(desk, seat, &first, Outcome::Reset);
    };
    let mut line = Line { sender, connection: Some(connection) };
    let mut job = first;
    let mut served = false;
    loop {
        let Some(request) = desk.order.book.request(job.choice) else {
            return give_up(desk, seat, &job, Outcome::Unsent);
        };
        match line.exchange(seat, request).await {
            Exchange::Unsent if served => return Some(job),
            Exchange::Unsent => return give_up(desk, seat, &job, Outcome::Reset),
            Exchange::Ended { outcome, reusable: false } => {
                return give_up(desk, seat, &job, outcome);
            }
            Exchange::Ended { outcome, reusable: true } => {
                desk.settle(seat, &job, outcome, true);
            }
        }
        served = true;
        job = match seat.take() {
            Some(job) => job,
            None => line.rest(desk, seat).await?,
        };
    }
}

/// How an exchange went.
enum Exchange {
    /// Nothing of the request was sent.
    Unsent,
    /// It ended, and whether another may follow.
    Ended { outcome: Outcome, reusable: bool },
}

impl Exchange {
    const fn broken(outcome: Outcome) -> Self {
        Self::Ended { outcome, reusable: false }
    }
}

/// The answer's head, or why there is none.
type Head = Result<Response<Incoming>, TrySendError<Request<Body>>>;

/// One open connection.
struct Line<S>
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    sender: SendRequest<Body>,
    /// `None` once it is closed.
    connection: Option<http1::Connection<TokioIo<S>, Body>>,
}

impl<S> Line<S>
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    /// Sends `request` and takes in the whole answer.
    async fn exchange(&mut self, seat: &Seat, request: Request<Body>) -> Exchange {
        let answer = self.sender.try_send_request(request);
        let response = match self.head(seat, answer).await {
            None => return Exchange::broken(Outcome::Timeout),
            Some(Ok(response)) => response,
            Some(Err(mut failure)) => {
                if failure.take_message().is_some() {
                    return Exchange::Unsent;
                }
                return Exchange::broken(Outcome::of_exchange(failure.error(), false));
            }
        };
        let outcome = Outcome::of_status(response.status());
        match self.body(seat, response.into_body()).await {
            None => Exchange::broken(Outcome::Timeout),
            Some(Err(error)) => Exchange::broken(Outcome::of_exchange(&error, true)),
            Some(Ok(reusable)) => Exchange::Ended { outcome, reusable },
        }
    }

    /// Waits for the head of the answer; `None`: not in time.
    async fn head(&mut self, seat: &Seat, answer: impl Future<Output = Head>) -> Option<Head> {
        // Polled only after the connection, with a waker that wakes nobody: a budget must not delay it.
        let mut answer = pin!(tokio::task::unconstrained(answer));
        let mut quiet = Context::from_waker(Waker::noop());
        poll_fn(|context| {
            if seat.expired() {
                return Poll::Ready(None);
            }
            self.poll_connection(context);
            answer.as_mut().poll(&mut quiet).map(Some)
        })
        .await
    }

    /// Takes in the body and says whether the connection can be used again; `None`: not in time.
    async fn body(&mut self, seat: &Seat, mut body: Incoming) -> Option<hyper::Result<bool>> {
        let mut quiet = Context::from_waker(Waker::noop());
        poll_fn(|context| {
            let mut polled = false;
            loop {
                if seat.expired() {
                    return Poll::Ready(None);
                }
                match Pin::new(&mut body).poll_frame(&mut quiet) {
                    Poll::Ready(Some(Ok(_))) => polled = false,
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(None) => return Poll::Ready(Some(Ok(self.reusable(context)))),
                    Poll::Pending if polled => return Poll::Pending,
                    Poll::Pending => {
                        self.poll_connection(context);
                        polled = true;
                    }
                }
            }
        })
        .await
    }

    /// Whether the connection waits for another request after an answer was taken in.
    fn reusable(&mut self, context: &mut Context<'_>) -> bool {
        if !self.sender.is_ready() {
            self.poll_connection(context);
        }
        self.connection.is_some() && self.sender.is_ready()
    }

    /// Waits for the next job; `None` when the connection closes before.
    async fn rest(&mut self, desk: &Desk, seat: &Seat) -> Option<Job> {
        poll_fn(|context| {
            if let Some(job) = seat.take() {
                return Poll::Ready(Some(job));
            }
            self.poll_connection(context);
            if self.connection.is_none() {
                desk.left(seat);
                return Poll::Ready(None);
            }
            Poll::Pending
        })
        .await
    }

    /// Lets the connection work; what went wrong is told to the request on it.
    fn poll_connection(&mut self, context: &mut Context<'_>) {
        if let Some(connection) = &mut self.connection
            && Pin::new(connection).poll(context).is_ready()
        {
            self.connection = None;
        }
    }
}
