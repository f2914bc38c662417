//! Opens TCP connections to the target. Speaks neither TLS nor HTTP.

use std::cell::RefCell;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};

/// A name is asked for again after so long.
const NAME_LIFE: Duration = Duration::from_secs(1);

/// Opens connections to one place.
#[derive(Debug)]
pub struct Dial {
    host: String,
    port: u16,
    known: RefCell<Option<Known>>,
}

/// What a name meant, until when it may be believed.
#[derive(Clone, Debug)]
struct Known {
    until: Duration,
    places: Vec<SocketAddr>,
}

impl Dial {
    /// Opens connections to `host`, a name or an IP address.
    pub fn new(host: &str, port: u16) -> Self {
        let known = host.parse::<IpAddr>().ok().map(|address| Known {
            until: Duration::MAX,
            places: vec![SocketAddr::new(address, port)],
        });
        Self { host: host.to_owned(), port, known: RefCell::new(known) }
    }

    /// Opens one.
    ///
    /// # Errors
    /// When the name is not known or nobody answers there.
    pub async fn open(&self, now: Duration) -> io::Result<TcpStream> {
        let places = self.places(now).await?;
        let stream = TcpStream::connect(places.as_slice()).await?;
        // A small request waits for nothing.
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    async fn places(&self, now: Duration) -> io::Result<Vec<SocketAddr>> {
        let known = self.known.borrow().clone();
        if let Some(known) = known.filter(|known| now < known.until) {
            return Ok(known.places);
        }
        let places: Vec<_> = lookup_host((self.host.as_str(), self.port)).await?.collect();
        let known = Known { until: now + NAME_LIFE, places: places.clone() };
        *self.known.borrow_mut() = Some(known);
        Ok(places)
    }
}
