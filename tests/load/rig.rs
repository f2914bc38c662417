//! What the tests of the load generator share: a clock, orders, servers that behave and servers that do not.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use gameday::exercise::histogram::LatencyHistogram;
use gameday::exercise::sample::{ErrorCounts, Sample};
use gameday::gameday::load::RateCurve;
use gameday::gameday::plan::{Route, Traffic};
use gameday::gameday::span::Span;
use gameday::load::generator::Generator;
use gameday::port::clock::Clock;
use gameday::port::load::{LoadError, LoadGenerator as _, LoadOrder};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::UnboundedReceiver;

/// The machine's clock.
pub struct RealClock(pub Instant);

impl Clock for RealClock {
    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }

    fn wall_millis(&self) -> i64 {
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as i64
    }
}

pub fn route(path: &str, weight: u32, spread: u32) -> Route {
    Route {
        name: path.to_owned(),
        method: "GET".to_owned(),
        path: path.to_owned(),
        weight,
        spread,
        headers: Vec::new(),
        body: None,
    }
}

/// GET / from the server at `address`, five seconds of patience.
pub fn order(address: SocketAddr) -> LoadOrder {
    LoadOrder {
        base_url: format!("http://{address}"),
        allowed_hosts: vec!["127.0.0.1".to_owned()],
        traffic: Traffic {
            routes: vec![route("/", 1, 1)],
            timeout: Span::from_secs(5),
            max_in_flight: 5_000,
            tls: false,
        },
        certificate_authority: None,
        origin: Duration::ZERO,
        seed: 1,
    }
}

/// A running generator and everything it has reported.
pub struct Run {
    pub generator: Generator,
    pub samples: Vec<Sample>,
    taker: UnboundedReceiver<Sample>,
}

impl Run {
    /// Starts at rate zero, just after a full second.
    pub fn start(order: LoadOrder) -> Result<Self, LoadError> {
        let clock = Arc::new(RealClock(Instant::now()));
        let generator = Generator::new(clock);
        let taker = generator.start(order)?;
        Ok(Self { generator, samples: Vec::new(), taker })
    }

    /// Starts and sends `rps`.
    pub fn at(order: LoadOrder, rps: f64) -> Self {
        let run = Self::start(order).unwrap();
        run.generator.follow(RateCurve::flat(rps));
        run
    }

    /// Waits for so many more samples.
    pub async fn seconds(&mut self, count: usize) {
        for _ in 0..count {
            let waited = tokio::time::timeout(Duration::from_secs(10), self.taker.recv()).await;
            self.samples.push(waited.expect("a sample every second").expect("still running"));
        }
    }

    /// Stops and waits until everything has ended.
    pub async fn finish(mut self) -> Vec<Sample> {
        self.generator.stop();
        let drain = async {
            while let Some(sample) = self.taker.recv().await {
                self.samples.push(sample);
            }
        };
        tokio::time::timeout(Duration::from_secs(20), drain).await.expect("the run ends");
        self.samples
    }
}

pub fn errors(samples: &[Sample]) -> ErrorCounts {
    let mut sum = ErrorCounts::default();
    for sample in samples {
        sum.add(&sample.errors);
    }
    sum
}

pub fn latencies(samples: &[Sample]) -> LatencyHistogram {
    let mut all = LatencyHistogram::new();
    for sample in samples {
        all.merge(&sample.latency.unpack());
    }
    all
}

pub fn sum(samples: &[Sample], of: fn(&Sample) -> u64) -> u64 {
    samples.iter().map(of).sum()
}

/// Nothing is lost and nothing counted twice; windows follow each other without a gap.
pub fn assert_complete(samples: &[Sample]) {
    let attempted = sum(samples, |sample| sample.attempted);
    assert_eq!(attempted, sum(samples, Sample::settled), "{samples:?}");
    let ended = attempted - sum(samples, |sample| sample.dropped);
    assert_eq!(latencies(samples).count(), ended);
    assert_eq!(samples.last().unwrap().in_flight, 0);
    for pair in samples.windows(2) {
        assert_eq!(pair[0].start + pair[0].length, pair[1].start);
        assert_eq!(pair[1].start.as_millis() % 1_000, 0);
    }
    let planned: f64 = samples.iter().map(|sample| sample.planned).sum();
    assert!((planned - attempted as f64).abs() <= 1.0, "{attempted} of {planned}");
}

pub type Answer = Response<Full<Bytes>>;

pub fn text(status: u16, body: &'static str) -> Answer {
    Response::builder().status(status).body(Full::new(Bytes::from_static(body.as_bytes()))).unwrap()
}

/// A well-behaved server that answers with what `answer` makes of a request.
pub async fn server<F, A>(answer: F) -> SocketAddr
where
    F: Fn(Request<Incoming>) -> A + Clone + Send + 'static,
    A: Future<Output = Answer> + Send + 'static,
{
    streams(move |stream| serve(TokioIo::new(stream), answer.clone())).await
}

/// Serves HTTP on one stream.
pub async fn serve<S, F, A>(stream: S, answer: F)
where
    S: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
    F: Fn(Request<Incoming>) -> A + Clone + Send + 'static,
    A: Future<Output = Answer> + Send + 'static,
{
    let service = service_fn(move |request| {
        let answer = answer(request);
        async move { Ok::<_, Infallible>(answer.await) }
    });
    let _ = http1::Builder::new().serve_connection(stream, service).await;
}

/// A server that does `each` with every connection.
pub async fn streams<F, A>(each: F) -> SocketAddr
where
    F: Fn(TcpStream) -> A + Send + 'static,
    A: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            tokio::spawn(each(stream));
        }
    });
    address
}
