//! Brings the fields of one object there or back: looks, judges, patches, and looks again, until it is as it should be or somebody
//! else has a hand in it.

use serde_json::Value;

use super::super::ask::{Pace, Run, Server, passes};
use super::super::change::{Change, Deed};
use super::super::edit::{Edit, Way, find, patch};
use super::super::verdict::{Verdict, judge, mend};
use crate::exercise::said::{Said, said};
use crate::kubernetes::trouble::{code, trouble};
use crate::port::target::TargetError;

/// Brings the object of `change` there or back, and says so. Nothing that somebody else changed is overwritten.
pub(super) async fn set(
    server: &Server<'_>,
    change: &Change,
    way: Way,
) -> Result<Said, TargetError> {
    let of = change.object();
    let mut pace = Pace::default();
    loop {
        let Some(now) = server.get(&of).await? else { return gone(change, way) };
        match (judge(change, &now), way) {
            (Verdict::Ours, Way::There) => return Ok(done(change, &now)),
            (Verdict::Before, Way::Back) => {
                return Ok(said!(
                    "native-as-before",
                    "{object} is as it was",
                    object = of.to_string()
                ));
            }
            (Verdict::Another, Way::There) => {
                return Err(TargetError(format!(
                    "{of} was replaced by another one since it was looked at"
                )));
            }
            (Verdict::Another, Way::Back) => {
                return Ok(said!(
                    "native-replaced",
                    "{object} was replaced by somebody else since, and nothing of ours is in it",
                    object = of.to_string()
                ));
            }
            (Verdict::Foreign(how), _) => return Err(foreign(change, &how)),
            (Verdict::Before | Verdict::Partly, Way::There)
            | (Verdict::Ours | Verdict::Partly, Way::Back) => {}
        }
        let patch =
            patch(&now, change.edits(), way).map_err(|why| TargetError(format!("{of}: {why}")))?;
        match server.patch(&of, patch, Run::Wet).await {
            // Looked at once more: nothing counts that was only answered.
            Ok(_) => {
                if !pace.once_more(Some(std::time::Duration::ZERO)).await {
                    return Err(TargetError(format!(
                        "{of} does not stay as it is made: somebody undoes it at once"
                    )));
                }
            }
            // 422: it is another version by now.
            Err(error) if code(&error) == Some(422) || passes(&error) => {
                if !pace.once_more(None).await {
                    return Err(trouble(&format!("patch {of}"), &error));
                }
            }
            Err(error) => return Err(trouble(&format!("patch {of}"), &error)),
        }
    }
}

/// What became of it; `None`: it is gone.
pub(super) async fn judged(
    server: &Server<'_>,
    change: &Change,
) -> Result<Option<Verdict>, TargetError> {
    let now = server.get(&change.object()).await?;
    Ok(now.map(|now| judge(change, &now)))
}

/// Puts back what stood there before, whatever stands there now, and if it was made anew.
pub(super) async fn overwrite(server: &Server<'_>, change: &Change) -> Result<Said, TargetError> {
    let of = change.object();
    let Some(now) = server.get(&of).await? else { return gone(change, Way::Back) };
    let edits = change
        .edits()
        .iter()
        .map(|edit| Edit { after: find(&now, &edit.at).cloned(), ..edit.clone() });
    let deed = Deed::Patch { edits: edits.collect(), brief: false };
    let uid = now.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default().to_owned();
    set(server, &Change { deed, uid, ..change.clone() }, Way::Back).await
}

fn gone(change: &Change, way: Way) -> Result<Said, TargetError> {
    let of = change.object();
    match way {
        Way::There => Err(TargetError(format!("{of} is gone since it was looked at"))),
        Way::Back => Ok(said!(
            "native-gone",
            "{object} is gone: somebody deleted it, and what we put into it went with it",
            object = of.to_string()
        )),
    }
}

fn done(change: &Change, now: &Value) -> Said {
    let version = now.pointer("/metadata/resourceVersion").and_then(Value::as_str);
    said!(
        "native-done",
        "{what}: done, version {version}",
        what = &change.what,
        version = version.unwrap_or("unknown")
    )
}

/// Somebody else has a hand in it.
pub(super) fn foreign(change: &Change, how: &str) -> TargetError {
    TargetError(format!(
        "{} was changed by somebody else since: {how}. Nothing is overwritten: {}",
        change.object(),
        mend(change)
    ))
}
