//! Places objects of Chaos Mesh and lets go of them again, whatever happens. What is decided on the way stands in `verdict`, `ladder`
//! and `carry::leftover`; this only asks, waits and tells.

mod ask;
mod child;
mod effect;
mod leftover;
mod letting_go;
mod placing;
mod pulse;
mod residue;
mod rungs;

use std::time::Duration;

use futures::future::join_all;
use http::Request;
use kube::Resource as _;
use kube::api::{DynamicObject, PostParams};
use kube::core::request::{Error as RequestError, Request as KubeRequest};

use self::ask::Asked;
pub use super::ladder::Consent;
use super::object::Manifest;
use super::{kinds, placed::Placed};
use crate::exercise::said::Said;
use crate::kubernetes::connect::Connection;
use crate::kubernetes::name::FIELD_MANAGER;
use crate::port::target::TargetError;

/// Whoever rehearses waits so long for the server.
const REHEARSAL: Duration = Duration::from_secs(6);
/// The engine gives an injection thirty seconds. What is half done by then is taken back within them.
const INJECT: Duration = Duration::from_secs(17);
const ABORT: Duration = Duration::from_secs(8);
/// The engine gives an attempt to revert thirty seconds, and makes another one.
const LET_GO: Duration = Duration::from_secs(25);
/// Who takes finalizers away by consent stands beside it.
const FORCED: Duration = Duration::from_secs(120);

/// Asks the server whether it would take these objects, strictly and with all its webhooks, without making any.
///
/// # Errors
/// Every reason why not, for people.
pub async fn rehearse(connection: &Connection, manifests: &[Manifest]) -> Result<(), TargetError> {
    let answers = join_all(manifests.iter().map(|one| rehearse_one(connection, one))).await;
    let mut wrong: Vec<String> =
        answers.into_iter().filter_map(Result::err).map(|error| error.0).collect();
    wrong.dedup();
    if wrong.is_empty() { Ok(()) } else { Err(TargetError(wrong.join("; "))) }
}

async fn rehearse_one(connection: &Connection, manifest: &Manifest) -> Result<(), TargetError> {
    let placed = &manifest.placed;
    let doing = format!("rehearse {}", placed.called());
    let asked = ask::patiently(&doing, REHEARSAL, || async {
        let tried = rehearsal(manifest).map_err(kube::Error::BuildRequest)?;
        connection.client.request::<DynamicObject>(tried).await
    });
    match asked.await {
        Ok(_) => Ok(()),
        Err(Asked { said, .. }) => Err(said),
    }
}

/// As it will be made, and nothing is. Not server-side apply: to a field that no schema knows that answers 500, which looks as if
/// it passed by itself.
fn rehearsal(manifest: &Manifest) -> Result<Request<Vec<u8>>, RequestError> {
    let placed = &manifest.placed;
    let kind = kinds::resource(&placed.kind, &placed.plural);
    let how = PostParams { dry_run: true, field_manager: Some(FIELD_MANAGER.to_owned()) };
    let body = serde_json::to_vec(&manifest.body).map_err(RequestError::SerializeBody)?;
    let url = DynamicObject::url_path(&kind, Some(&placed.namespace));
    let mut request = KubeRequest::new(url).create(&how, body)?;
    let strictly = format!("{}&fieldValidation=Strict", request.uri());
    *request.uri_mut() =
        strictly.parse().map_err(http::Error::from).map_err(RequestError::BuildRequest)?;
    Ok(request)
}

/// Places these objects and waits until their records say that they are injected. What cannot be injected whole is taken back.
///
/// # Errors
/// What Chaos Mesh or the server says; and what could not be taken back.
pub async fn place(connection: &Connection, manifests: &[Manifest]) -> Result<Said, TargetError> {
    place_within(connection, manifests, INJECT).await
}

/// The same, with a time for being injected.
///
/// # Errors
/// As [`place`].
pub async fn place_within(
    connection: &Connection,
    manifests: &[Manifest],
    within: Duration,
) -> Result<Said, TargetError> {
    let error = match placing::all(&connection.client, manifests, within).await {
        Ok(said) => return Ok(said),
        Err(error) => error,
    };
    let placed: Vec<Placed> = manifests.iter().map(|one| one.placed.clone()).collect();
    let run = manifests.first().and_then(|one| {
        one.body["metadata"]["labels"][crate::kubernetes::name::RUN].as_str().map(str::to_owned)
    });
    let back = letting_go::all(&connection.client, run.as_deref(), &placed, Consent::No, ABORT);
    match back.await {
        Ok(_) => Err(error),
        Err(left) => Err(TargetError(format!("{error}; and taking it back: {left}"))),
    }
}

/// Lets go of these objects of a run: recovered, deleted, and looked whether anything is left. May be asked again, and by anybody;
/// what is not there is let go of already.
///
/// # Errors
/// What still holds it, for people; asking again goes on where this ended.
pub async fn let_go(
    connection: &Connection,
    run: &str,
    placed: &[Placed],
    consent: Consent,
) -> Result<Said, TargetError> {
    let within = if consent == Consent::No { LET_GO } else { FORCED };
    letting_go::all(&connection.client, Some(run), placed, consent, within).await
}
