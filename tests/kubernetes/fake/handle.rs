//! One request: who asks, what goes wrong on purpose, whether they may, and the verb that answers.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, RETRY_AFTER, USER_AGENT, WARNING};
use hyper::{Request, Response};
use serde_json::Value;
use tokio::sync::mpsc;

use super::call::{Call, Reply};
use super::discovery::{self, Page};
use super::failure::Failure;
use super::faults::{self, How};
use super::patch::APPLY;
use super::request::{Place, Query, Target, place, verb};
use super::rights::{Wish, may};
use super::shared::Shared;
use super::state::{Asked, State};
use super::users::User;
use super::{change, create, patch, reads, remove, reviews, subs, watching};

pub type Body = UnsyncBoxBody<Bytes, Infallible>;

/// The connection is cut instead of an answer.
#[derive(Debug)]
pub struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the connection is cut, as the test wanted")
    }
}

impl std::error::Error for Cut {}

/// Answers a request.
pub async fn answer(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Cut> {
    let query = Query::read(request.uri().query().unwrap_or_default());
    let place = place(request.uri().path());
    let (verb, resource) = match &place {
        Place::Path => (request.method().as_str().to_lowercase(), String::new()),
        Place::Resource(target) => {
            let verb = verb(request.method(), target.name.is_some(), &query).to_owned();
            (verb, resource(target))
        }
    };
    let fault = faults::strike(&mut shared.state().faults, &verb, &resource);
    match &fault {
        Some(How::Slow(time)) => tokio::time::sleep(*time).await,
        Some(How::Reset) => return Err(Cut),
        Some(How::TooMany(seconds)) => {
            let failure = Failure::too_many(
                "the server has received too many requests and has asked us to try again later",
                Some(*seconds),
            );
            return Ok(refusal(&failure));
        }
        Some(How::Error) => {
            return Ok(refusal(&Failure::internal("etcdserver: request timed out")));
        }
        Some(How::Unavailable) => {
            let mut failure =
                Failure::internal("the server is currently unable to handle the request");
            (failure.code, failure.reason) = (503, "ServiceUnavailable");
            return Ok(refusal(&failure));
        }
        Some(How::LostAnswer) | None => {}
    }
    let answered = serve(&shared, request, query, place, &verb).await;
    if fault == Some(How::LostAnswer) {
        return Err(Cut);
    }
    Ok(answered)
}

/// A resource of a target, with its group and subresource.
fn resource(target: &Target) -> String {
    let plain = super::kinds::resource(&target.resource, &target.group);
    match &target.sub {
        Some(sub) => format!("{plain}/{sub}"),
        None => plain,
    }
}

async fn serve(
    shared: &Arc<Shared>,
    request: Request<Incoming>,
    query: Query,
    place: Place,
    verb: &str,
) -> Response<Body> {
    let header = |name: HeaderName| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let (token, agent) = (header(AUTHORIZATION), header(USER_AGENT).unwrap_or_default());
    let media_type = header(CONTENT_TYPE).unwrap_or_default();
    let Some(user) = shared.state().users.of(token.as_deref()) else {
        return refusal(&Failure::unauthorized());
    };
    let user = match impersonated(&shared.state(), user, request.headers()) {
        Ok(user) => user,
        Err(failure) => return refusal(&failure),
    };
    let path = request.uri().path().to_owned();
    let target = match place {
        Place::Path => return path_page(&shared.state(), &user, verb, &path),
        Place::Resource(target) => target,
    };
    let Ok(body) = request.into_body().collect().await else {
        return refusal(&Failure::bad_request("the body could not be read"));
    };
    let asked = Asked {
        user: user.name.clone(),
        verb: verb.to_owned(),
        resource: resource(&target),
        namespace: target.namespace.clone().unwrap_or_default(),
        name: target.name.clone().unwrap_or_default(),
        dry: query.get("dryRun").is_some(),
        code: 0,
    };
    let beyond = target.beyond.clone();
    let answered = shared.change(|state| {
        let call = call(state, target, query, user, agent, media_type, body.to_bytes())?;
        allowed(state, &call, verb)?;
        if verb == "watch" {
            let watch = watching::begin(state, &call, shared)?;
            return Ok(Answer::Stream(Box::new(watch)));
        }
        if (call.sub.as_str(), verb) == ("proxy", "get") {
            return subs::behind(state, &call).map(Answer::Behind);
        }
        dispatch(state, &call, verb).map(Answer::Whole)
    });
    let response = match answered {
        Ok(Answer::Whole(reply)) => whole(&reply),
        Ok(Answer::Stream(watch)) => {
            let (sender, receiver) = mpsc::channel(64);
            tokio::spawn(watch.run(Arc::clone(shared), sender));
            stream(receiver)
        }
        Ok(Answer::Behind(address)) => passed_on(&address, &beyond).await,
        Err(failure) => refusal(&failure),
    };
    let code = response.status().as_u16();
    shared.state().asked.push(Asked { code, ..asked });
    response
}

/// Who somebody acts as, if they may.
fn impersonated(state: &State, user: User, headers: &http::HeaderMap) -> Result<User, Failure> {
    let text = |value: &http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let Some(name) = headers.get("impersonate-user").map(text) else {
        return Ok(user);
    };
    let wish = Wish {
        verb: "impersonate".to_owned(),
        resource: "users".to_owned(),
        name: name.clone(),
        ..Wish::default()
    };
    if may(state, &user, &wish).is_none() {
        let who = &user.name;
        let why = format!(
            "User \"{who}\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope"
        );
        return Err(Failure::forbidden("users", &name, &why));
    }
    let groups: Vec<String> = headers.get_all("impersonate-group").iter().map(text).collect();
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    Ok(User::new(&name, &groups))
}

enum Answer {
    Whole(Reply),
    /// What somebody else answers, at this address.
    Behind(String),
    Stream(Box<watching::Watch>),
}

/// Finds the kind, and makes a call of a request.
fn call(
    state: &State,
    target: Target,
    query: Query,
    user: User,
    agent: String,
    media_type: String,
    body: Bytes,
) -> Result<Call, Failure> {
    let Some(kind) = state.kind(&target.group, &target.version, &target.resource) else {
        let known =
            |kind: &Arc<super::kinds::Kind>| kind.group == target.group && !kind.is_custom();
        return Err(if state.kinds.iter().any(known) {
            Failure::no_such_resource()
        } else {
            Failure::no_such_path()
        });
    };
    let sub = target.sub.unwrap_or_default();
    if !sub.is_empty() && !kind.has(&sub) {
        return Err(if kind.is_custom() {
            Failure::no_such_path()
        } else {
            Failure::no_such_resource()
        });
    }
    if target.namespace.is_some() && !kind.namespaced {
        return Err(Failure::no_such_resource());
    }
    if kind.namespaced && target.namespace.is_none() && target.name.is_some() {
        return Err(Failure::no_such_resource());
    }
    let name = target.name.unwrap_or_default();
    let agent = agent
        .split(['/', ' '])
        .next()
        .filter(|name| !name.is_empty())
        .unwrap_or("unknown")
        .to_owned();
    let namespace = target.namespace.unwrap_or_default();
    Ok(Call { kind, namespace, name, sub, query, user, agent, media_type, body })
}

/// Whether somebody may.
fn allowed(state: &State, call: &Call, verb: &str) -> Result<(), Failure> {
    let plain = &call.kind.plural;
    let resource =
        if call.sub.is_empty() { plain.clone() } else { format!("{plain}/{}", call.sub) };
    // A request for a namespace itself is judged within it.
    let namespace =
        if call.kind.is("", "namespaces") { call.name.clone() } else { call.namespace.clone() };
    let wish = |verb: &str| Wish {
        verb: verb.to_owned(),
        group: call.kind.group.clone(),
        resource: resource.clone(),
        namespace: namespace.clone(),
        name: call.name.clone(),
        path: None,
    };
    let creates =
        verb == "patch" && call.media_type.starts_with(APPLY) && state.get(&call.key()).is_none();
    let verbs: &[&str] = if creates { &[verb, "create"] } else { &[verb] };
    for verb in verbs {
        if may(state, &call.user, &wish(verb)).is_some() {
            continue;
        }
        let place = if namespace.is_empty() {
            "at the cluster scope".to_owned()
        } else {
            format!("in the namespace \"{namespace}\"")
        };
        let why = format!(
            "User \"{}\" cannot {verb} resource \"{resource}\" in API group \"{}\" {place}",
            call.user.name, call.kind.group
        );
        return Err(Failure::forbidden(&call.kind.resource(), &call.name, &why));
    }
    Ok(())
}

fn dispatch(state: &mut State, call: &Call, verb: &str) -> Result<Reply, Failure> {
    if call.kind.question {
        return match verb {
            "create" => reviews::answer(state, call),
            _ => Err(Failure::no_such_method()),
        };
    }
    if call.name.is_empty() && matches!(verb, "update" | "patch") {
        return Err(Failure::no_such_method());
    }
    match (call.sub.as_str(), verb) {
        ("scale", verb) => subs::scale(state, call, verb),
        ("eviction", "create") => subs::evict(state, call),
        ("binding", "create") => subs::bind(state, call),
        ("token", "create") => subs::token(state, call),
        ("" | "status", "get") => reads::get(state, call),
        ("" | "status" | "finalize", "update") => change::replace(state, call),
        ("" | "status", "patch") => patch::patch(state, call),
        ("", "list") => reads::list(state, call),
        ("", "create") if call.name.is_empty() => {
            if call.kind.namespaced && call.namespace.is_empty() {
                return Err(Failure::no_such_method());
            }
            create::create(state, call)
        }
        ("", "delete") => remove::delete(state, call),
        ("", "deletecollection") if !call.kind.namespaced || !call.namespace.is_empty() => {
            remove::delete_all(state, call)
        }
        _ => Err(Failure::no_such_method()),
    }
}

/// The answer of whoever is at an address.
async fn passed_on(address: &str, path: &str) -> Response<Body> {
    let asked = async {
        let answer = reqwest::get(format!("http://{address}/{path}")).await?;
        let code = answer.status().as_u16();
        Ok::<_, reqwest::Error>((code, answer.bytes().await?))
    };
    match asked.await {
        Ok((code, body)) => respond(code, "application/json", body),
        Err(why) => {
            let mut failure = Failure::internal(format!(
                "error trying to reach service: dial tcp {address}: {why}"
            ));
            (failure.code, failure.reason) = (503, "ServiceUnavailable");
            refusal(&failure)
        }
    }
}

fn path_page(state: &State, user: &User, verb: &str, path: &str) -> Response<Body> {
    let wish = Wish { verb: verb.to_owned(), path: Some(path.to_owned()), ..Wish::default() };
    if may(state, user, &wish).is_none() {
        return refusal(&Failure::forbidden_path(&user.name, verb, path));
    }
    match discovery::page(state, path) {
        Ok(Page::Text(text)) => {
            respond(200, "text/plain; charset=utf-8", Bytes::from_static(text.as_bytes()))
        }
        Ok(Page::Json(page)) => json(200, &page),
        Err(failure) => refusal(&failure),
    }
}

fn respond(code: u16, media_type: &'static str, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Full::new(body).boxed_unsync());
    *response.status_mut() = http::StatusCode::from_u16(code).unwrap_or_default();
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static(media_type));
    response
}

fn json(code: u16, body: &Value) -> Response<Body> {
    respond(code, "application/json", Bytes::from(format!("{body}\n")))
}

fn whole(reply: &Reply) -> Response<Body> {
    let mut response = json(reply.code, &reply.body);
    for warning in &reply.warnings {
        let text = format!("299 - \"{}\"", warning.replace('\\', "\\\\").replace('"', "\\\""));
        if let Ok(value) = http::HeaderValue::from_str(&text) {
            response.headers_mut().append(WARNING, value);
        }
    }
    response
}

fn refusal(failure: &Failure) -> Response<Body> {
    let mut response = if failure.plain {
        respond(failure.code, "text/plain; charset=utf-8", Bytes::from(failure.message.clone()))
    } else {
        json(failure.code, &failure.status())
    };
    if let Some(seconds) = failure.retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

fn stream(receiver: mpsc::Receiver<Bytes>) -> Response<Body> {
    let lines = futures::stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|line| (line, receiver))
    });
    let frames = lines.map(|line| Ok::<_, Infallible>(Frame::data(line)));
    let mut response = Response::new(StreamBody::new(frames).boxed_unsync());
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    response
}
