//! Exchanges the certificate in a Secret, and puts it back. What stood there is kept in a Secret beside it, for those who may read
//! the one may read the other; it is in no journal, no recording and no message.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use k8s_openapi::api::core::v1::Secret;
use serde_json::{Value, json};

use super::super::ask::{Pace, Run, Server};
use super::super::certificate::{Pair, expired};
use super::super::change::{Change, Deed};
use super::super::draft::{Mark, pair, swapped};
use super::super::edit::{Way, find};
use super::super::resource::Object;
use super::super::verdict::Verdict;
use super::set::{self, foreign, overwrite, set};
use crate::exercise::said::{Between, Said, said};
use crate::kubernetes::name::labels;
use crate::kubernetes::trouble::{code, trouble};
use crate::port::target::TargetError;

/// Annotation on what is kept: the uid of the Secret that it is of.
const KEEPS: &str = "gameday.internal/keeps";

/// What is kept.
struct Kept {
    of: Object,
    uid: String,
    before: Pair,
    after: Pair,
}

/// Keeps what stands there, and exchanges it.
pub(super) async fn put(server: &Server<'_>, change: &Change) -> Result<Said, TargetError> {
    let kept = match read(server, change).await? {
        Some(kept) => kept,
        None => keep(server, change).await?,
    };
    set(server, &patched(change, &kept.before, &kept.after), Way::There).await
}

/// Puts back what stood there, looks at its fingerprint, and only then forgets it.
pub(super) async fn restore(
    server: &Server<'_>,
    change: &Change,
    over_others: bool,
) -> Result<Said, TargetError> {
    let of = change.object();
    let Some(kept) = read(server, change).await? else { return untouched(server, change).await };
    let patched = patched(change, &kept.before, &kept.after);
    let said = match over_others {
        true => overwrite(server, &patched).await?,
        false => set(server, &patched, Way::Back).await?,
    };
    let mut all = vec![said];
    let Some(now) = server.get(&of).await? else {
        all.push(said!(
            "native-kept",
            "what stood in it stays in Secret {kept}: delete that when nobody needs it",
            kept = name(change)
        ));
        return Ok(Said::all(all, Between::Then));
    };
    if now.pointer("/metadata/uid").and_then(Value::as_str) == Some(&change.uid) {
        let print = pair(&now).map(|pair| pair.fingerprint());
        if print.as_deref() != Some(fingerprint(change)) {
            return Err(foreign(change, "its certificate is not the one from before"));
        }
        all.push(said!(
            "native-same-fingerprint",
            "its fingerprint is the one from before; pods serve it once they read the file again"
        ));
    }
    forget(server, &kept).await?;
    Ok(Said::all(all, Between::Then))
}

/// What became of it; `None`: it is gone, or nothing is kept to compare it with.
pub(super) async fn judged(
    server: &Server<'_>,
    change: &Change,
) -> Result<Option<Verdict>, TargetError> {
    let Some(kept) = read(server, change).await? else { return Ok(None) };
    set::judged(server, &patched(change, &kept.before, &kept.after)).await
}

/// Nothing is kept: then nothing may have been changed.
async fn untouched(server: &Server<'_>, change: &Change) -> Result<Said, TargetError> {
    let of = change.object();
    let as_before = || said!("native-as-before", "{object} is as it was", object = of.to_string());
    let Some(now) = server.get(&of).await? else { return Ok(as_before()) };
    let marked = change.edits().iter().any(|edit| find(&now, &edit.at) == edit.after.as_ref());
    let print = pair(&now).map(|pair| pair.fingerprint());
    match (marked, print.as_deref() == Some(fingerprint(change))) {
        (false, _) => Ok(as_before()),
        (true, true) => set(server, change, Way::Back).await,
        (true, false) => Err(TargetError(format!(
            "what stood in {of} was kept in Secret {}, and that is gone: put a good certificate into {of} by hand and remove the \
             label {}",
            name(change),
            crate::kubernetes::name::FAULT
        ))),
    }
}

/// The exchange as a change of fields, for the server only: it holds keys.
fn patched(change: &Change, before: &Pair, after: &Pair) -> Change {
    let mut edits = swapped(before, after);
    edits.extend(change.edits().iter().cloned());
    Change { deed: Deed::Patch { edits, brief: false }, ..change.clone() }
}

fn name(change: &Change) -> &str {
    match &change.deed {
        Deed::SecretSwap { kept, .. } => kept,
        _ => "",
    }
}

fn fingerprint(change: &Change) -> &str {
    match &change.deed {
        Deed::SecretSwap { before, .. } => before,
        _ => "",
    }
}

fn place(change: &Change) -> Object {
    Object::within::<Secret>(change.namespace.as_deref().unwrap_or_default(), name(change))
}

async fn read(server: &Server<'_>, change: &Change) -> Result<Option<Kept>, TargetError> {
    let of = place(change);
    let Some(found) = server.get(&of).await? else { return Ok(None) };
    let foreign = || TargetError(format!("{of} is not what was kept there: look at it"));
    let keeps = found.pointer("/metadata/annotations").and_then(|notes| notes.get(KEEPS));
    if keeps.and_then(Value::as_str) != Some(&change.uid) {
        return Err(foreign());
    }
    let part = |name: &str| {
        let text = found.get("data")?.get(name)?.as_str()?;
        STANDARD.decode(text).ok()
    };
    let both = |certificate: &str, key: &str| {
        Some(Pair { certificate: part(certificate)?, key: part(key)? })
    };
    let uid = found.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default().to_owned();
    match (both("before.crt", "before.key"), both("after.crt", "after.key")) {
        (Some(before), Some(after)) => Ok(Some(Kept { of, uid, before, after })),
        _ => Err(foreign()),
    }
}

async fn keep(server: &Server<'_>, change: &Change) -> Result<Kept, TargetError> {
    let of = change.object();
    let gone = || TargetError(format!("{of} is not as it was looked at: nothing is exchanged"));
    let now = server.get(&of).await?.ok_or_else(gone)?;
    let before = pair(&now).filter(|pair| pair.fingerprint() == fingerprint(change));
    let before = before.ok_or_else(gone)?;
    let after = made(change)?;
    let body = body(change, &before, &after);
    let place = place(change);
    let mut pace = Pace::default();
    loop {
        match server.create(&place, &body, Run::Wet).await {
            Ok(_) => {}
            // An answer that got lost may have been a yes.
            Err(error) if code(&error) == Some(409) => {}
            Err(error) if pace.again(&error).await => continue,
            Err(error) => return Err(trouble(&format!("create {place}"), &error)),
        }
        return read(server, change).await?.ok_or_else(gone);
    }
}

fn made(change: &Change) -> Result<Pair, TargetError> {
    match &change.deed {
        Deed::SecretSwap { names, expired: when, .. } => expired(names, *when).map_err(TargetError),
        _ => Err(TargetError("this is no exchange of a certificate".to_owned())),
    }
}

fn body(change: &Change, before: &Pair, after: &Pair) -> Value {
    let mark = Mark::read(&change.fault);
    json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": name(change),
            "labels": labels(&mark.run, "journal", Some(&mark.step)),
            "annotations": { KEEPS: change.uid },
        },
        "type": "Opaque",
        "immutable": true,
        "data": {
            "before.crt": STANDARD.encode(&before.certificate),
            "before.key": STANDARD.encode(&before.key),
            "after.crt": STANDARD.encode(&after.certificate),
            "after.key": STANDARD.encode(&after.key),
        },
    })
}

/// Tries everything without doing it.
pub(super) async fn rehearse(
    server: &Server<'_>,
    change: &Change,
    object: &Value,
) -> Result<Change, TargetError> {
    let of = change.object();
    let before = pair(object).ok_or_else(|| TargetError(format!("{of} holds no certificate")))?;
    let after = made(change)?;
    let place = place(change);
    match server.create(&place, &body(change, &before, &after), Run::Dry).await {
        Ok(_) => {}
        // From an attempt before.
        Err(error) if code(&error) == Some(409) => {}
        Err(error) => return Err(trouble(&format!("create {place}"), &error)),
    }
    Ok(patched(change, &before, &after))
}

async fn forget(server: &Server<'_>, kept: &Kept) -> Result<(), TargetError> {
    let mut pace = Pace::default();
    loop {
        match server.delete(&kept.of, &kept.uid, None, Run::Wet).await {
            Ok(()) => return Ok(()),
            Err(error) if code(&error) == Some(404) => return Ok(()),
            Err(error) if pace.again(&error).await => {}
            Err(error) => return Err(trouble(&format!("delete {}", kept.of), &error)),
        }
    }
}
