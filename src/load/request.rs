//! Requests made ready before the first is sent, and the choice among them. Sends nothing.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING, USER_AGENT,
};
use hyper::{Method, Request, Uri};
use oorandom::Rand64;

use super::address::Address;
use crate::gameday::plan::{Route, Traffic};
use crate::port::load::LoadError;

/// What is sent with requests.
pub type Body = Full<Bytes>;

/// What a route sends is made beforehand up to so many values of `{n}`.
const PREPARED: u32 = 1_024;

/// The place of the number in a path, in the value of a header, in a body.
const NUMBER: &str = "{n}";

/// Every kind of request there is, ready to be sent.
#[derive(Debug)]
pub struct RequestBook {
    routes: Vec<PreparedRoute>,
    /// Sums of weights up to and with each route.
    sums: Vec<u64>,
}

/// Which request was chosen: a route and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    route: usize,
    number: u32,
}

impl Choice {
    /// The index of the route in the traffic.
    pub const fn route(self) -> usize {
        self.route
    }

    /// The value of `{n}`, from 1.
    pub const fn number(self) -> u32 {
        self.number
    }
}

#[derive(Debug)]
struct PreparedRoute {
    method: Method,
    headers: Numbered<HeaderMap>,
    body: Numbered<Body>,
    path: Numbered<Uri>,
    spread: u32,
}

/// Makes something for one number.
type Make<T> = Box<dyn Fn(u32) -> Result<T, String> + Send + Sync>;

/// Something that may hold the number.
enum Numbered<T> {
    /// It does not.
    Same(T),
    /// For every number from 1.
    Prepared(Vec<T>),
    /// Too many to keep: made when asked for. With the one for 1.
    Made(T, Make<T>),
}

impl<T: Clone + Default> Numbered<T> {
    fn new(numbered: bool, spread: u32, make: Make<T>) -> Result<Self, String> {
        if !numbered {
            return make(1).map(Self::Same);
        }
        if spread <= PREPARED {
            return (1..=spread).map(make).collect::<Result<_, _>>().map(Self::Prepared);
        }
        make(spread)?;
        Ok(Self::Made(make(1)?, make))
    }

    fn of(&self, number: u32) -> T {
        match self {
            Self::Same(one) => one.clone(),
            Self::Prepared(all) => {
                all.get(number.saturating_sub(1) as usize).cloned().unwrap_or_default()
            }
            // Every number makes as good a thing as the first did, so the other branch is never taken.
            Self::Made(first, make) => make(number).unwrap_or_else(|_| first.clone()),
        }
    }
}

impl<T> std::fmt::Debug for Numbered<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Numbered")
    }
}

impl RequestBook {
    /// Makes all requests of `traffic` to `address` ready.
    ///
    /// # Errors
    /// When a route is not valid HTTP, with its name.
    pub fn new(address: &Address, traffic: &Traffic) -> Result<Self, LoadError> {
        let mut book = Self { routes: Vec::new(), sums: Vec::new() };
        let mut sum = 0_u64;
        for route in &traffic.routes {
            let prepared = PreparedRoute::new(address, route)
                .map_err(|why| LoadError::Invalid(format!("route {:?}: {why}", route.name)))?;
            sum += u64::from(route.weight);
            book.routes.push(prepared);
            book.sums.push(sum);
        }
        if sum == 0 {
            return Err(LoadError::Invalid(
                "no route has a weight above 0: nothing to send".to_owned(),
            ));
        }
        Ok(book)
    }

    /// Chooses a route by weight and its number evenly.
    pub fn choose(&self, random: &mut Rand64) -> Choice {
        let total = self.sums.last().copied().unwrap_or(1);
        let point = if self.sums.len() > 1 { random.rand_range(0..total) } else { 0 };
        let route = self.sums.partition_point(|&sum| sum <= point);
        let spread = self.routes.get(route).map_or(1, |route| route.spread);
        let number =
            if spread > 1 { 1 + random.rand_range(0..u64::from(spread)) as u32 } else { 1 };
        Choice { route, number }
    }

    /// The request of a choice; `None` for a choice of another book.
    pub fn request(&self, choice: Choice) -> Option<Request<Body>> {
        let route = self.routes.get(choice.route)?;
        let mut request = Request::new(route.body.of(choice.number));
        *request.method_mut() = route.method.clone();
        *request.uri_mut() = route.path.of(choice.number);
        *request.headers_mut() = route.headers.of(choice.number);
        Some(request)
    }
}

impl PreparedRoute {
    fn new(address: &Address, route: &Route) -> Result<Self, String> {
        let method = Method::from_bytes(route.method.as_bytes())
            .map_err(|_| format!("{:?} is no HTTP method", route.method))?;
        if method == Method::CONNECT {
            return Err(
                "CONNECT opens tunnels and is not a request to load a service with".to_owned()
            );
        }
        if !route.path.starts_with('/') {
            return Err(format!("the path {:?} does not begin with /", route.path));
        }
        let path = format!("{}{}", address.prefix, route.path);
        let body = route.body.clone().unwrap_or_default();
        let places = [
            path.contains(NUMBER),
            route.headers.iter().any(|(_, value)| value.contains(NUMBER)),
            body.contains(NUMBER),
        ];
        let spread = if places.contains(&true) { route.spread.max(1) } else { 1 };
        let (address, owned) = (address.clone(), route.clone());
        Ok(Self {
            method,
            headers: Numbered::new(
                places[1],
                spread,
                Box::new(move |number| headers(&address, &owned, number)),
            )?,
            body: Numbered::new(
                places[2],
                spread,
                Box::new(move |number| Ok(Body::new(Bytes::from(numbered(&body, number))))),
            )?,
            path: Numbered::new(
                places[0],
                spread,
                Box::new(move |number| {
                    let uri = numbered(&path, number).parse::<Uri>();
                    uri.map_err(|error| format!("{path:?} is no path: {error}"))
                }),
            )?,
            spread,
        })
    }
}

fn numbered(text: &str, number: u32) -> String {
    text.replace(NUMBER, &number.to_string())
}

fn headers(address: &Address, route: &Route, number: u32) -> Result<HeaderMap, String> {
    let host = HeaderValue::from_str(&address.authority)
        .map_err(|_| format!("{:?} is no host", address.authority))?;
    let mut own = HeaderMap::new();
    for (name, value) in &route.headers {
        let key = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| format!("{name:?} is no header name"))?;
        // The value may be a secret: it is not repeated.
        let value = HeaderValue::from_str(&numbered(value, number))
            .map_err(|_| format!("the value of header {name:?} is not valid"))?;
        if key == CONTENT_LENGTH || key == TRANSFER_ENCODING {
            return Err(format!("the header {name:?} follows from the body and cannot be set"));
        }
        own.append(key, value);
    }
    if !own.contains_key(HOST) {
        own.insert(HOST, host);
    }
    if !own.contains_key(USER_AGENT) {
        own.insert(
            USER_AGENT,
            HeaderValue::from_static(concat!("gameday/", env!("CARGO_PKG_VERSION"))),
        );
    }
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::span::Span;

    fn route(name: &str, path: &str, weight: u32, spread: u32) -> Route {
        Route {
            name: name.to_owned(),
            method: "GET".to_owned(),
            path: path.to_owned(),
            weight,
            spread,
            headers: Vec::new(),
            body: None,
        }
    }

    fn book(routes: Vec<Route>) -> Result<RequestBook, LoadError> {
        let address = Address::parse("http://shop.test:81/v1/", &["shop.test".to_owned()]).unwrap();
        let traffic = Traffic { routes, timeout: Span::from_secs(1), max_in_flight: 1, tls: false };
        RequestBook::new(&address, &traffic)
    }

    #[test]
    fn routes_are_chosen_by_weight_and_numbers_evenly() {
        let book = book(vec![
            route("a", "/a", 6, 1),
            route("never", "/x", 0, 1),
            route("b", "/b/{n}", 3, 10),
            route("c", "/c", 1, 1),
        ])
        .unwrap();
        let mut random = Rand64::new(7);
        let mut by_route = [0_u32; 4];
        let mut by_number = [0_u32; 11];
        for _ in 0..100_000 {
            let choice = book.choose(&mut random);
            by_route[choice.route()] += 1;
            if choice.route() == 2 {
                by_number[choice.number() as usize] += 1;
            }
        }
        assert_eq!(by_route[1], 0);
        for (got, ideal) in
            [(by_route[0], 60_000.0), (by_route[2], 30_000.0), (by_route[3], 10_000.0)]
        {
            assert!((f64::from(got) - ideal).abs() < ideal * 0.03, "{by_route:?}");
        }
        assert_eq!(by_number[0], 0);
        for got in &by_number[1..] {
            assert!((f64::from(*got) - 3_000.0).abs() < 300.0, "{by_number:?}");
        }
    }

    #[test]
    fn the_same_seed_chooses_the_same() {
        let book = book(vec![route("a", "/a/{n}", 1, 100), route("b", "/b", 1, 1)]).unwrap();
        let series = |seed| {
            let mut random = Rand64::new(seed);
            (0..50).map(|_| book.choose(&mut random)).collect::<Vec<_>>()
        };
        assert_eq!(series(1), series(1));
        assert_ne!(series(1), series(2));
    }

    #[test]
    fn requests_carry_everything_the_route_says() {
        let mut order = route("order", "/orders/{n}?again={n}", 1, 5_000);
        order.method = "PATCH".to_owned();
        order.headers = vec![("X-Team".to_owned(), "sre".to_owned())];
        order.headers.push(("Cookie".to_owned(), "session={n}".to_owned()));
        order.body = Some("{n}".to_owned());
        let book = book(vec![order]).unwrap();
        let request = book.request(Choice { route: 0, number: 4_711 }).unwrap();
        assert_eq!(request.method(), "PATCH");
        assert_eq!(request.uri(), "/v1/orders/4711?again=4711");
        assert_eq!(request.headers()["host"], "shop.test:81");
        assert_eq!(request.headers()["x-team"], "sre");
        assert_eq!(request.headers()["cookie"], "session=4711");
        assert_eq!(hyper::body::Body::size_hint(request.body()).exact(), Some(4));
    }

    #[test]
    fn a_number_may_stand_in_a_header_alone() {
        let mut browse = route("browse", "/", 1, 3);
        browse.headers = vec![("cookie".to_owned(), "session={n}".to_owned())];
        let book = book(vec![browse]).unwrap();
        let mut random = Rand64::new(1);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..100 {
            let request = book.request(book.choose(&mut random)).unwrap();
            assert_eq!(request.uri(), "/v1/");
            seen.insert(request.headers()["cookie"].to_str().unwrap().to_owned());
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["session=1", "session=2", "session=3"]);
    }

    #[test]
    fn what_is_not_http_is_refused_with_the_route() {
        let mut bad =
            vec![route("r", "no-slash", 1, 1), route("r", "/a b", 1, 1), route("r", "/ok", 0, 1)];
        for method in ["G T", "", "CONNECT"] {
            bad.push(Route { method: method.to_owned(), ..route("r", "/", 1, 1) });
        }
        for (name, value) in [("a b", "1"), ("x", "a\nb"), ("Content-Length", "3")] {
            bad.push(Route {
                headers: vec![(name.to_owned(), value.to_owned())],
                ..route("r", "/", 1, 1)
            });
        }
        for route in bad {
            assert!(matches!(book(vec![route.clone()]), Err(LoadError::Invalid(_))), "{route:?}");
        }
    }
}
