//! Who changed what: compares what stood in an object, what we put there, and what stands there now. Pure.

use serde_json::Value;

use super::change::Change;
use super::edit::{Edit, Way, find};
use crate::gameday::text::printable;

/// So much of a value is shown.
const SHOWN: usize = 120;

/// What became of an object that we changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Everything is as it was.
    Before,
    /// All of it is as we made it.
    Ours,
    /// Some of it is as we made it, the rest as it was: nobody else has a part in it.
    Partly,
    /// Another object has the name now, and nothing of ours is in it.
    Another,
    /// Somebody else changed it since; how, for people.
    Foreign(String),
}

/// Judges what `now` is.
pub(super) fn judge(change: &Change, now: &Value) -> Verdict {
    let same = now.pointer("/metadata/uid").and_then(Value::as_str) == Some(&change.uid);
    let edits = change.edits();
    let differs = |edit: &&Edit| edit.before != edit.after;
    let ours = edits.iter().filter(differs).filter(|edit| edit.is_done(now, Way::There)).count();
    let foreign: Vec<&Edit> = edits
        .iter()
        .filter(|edit| !edit.is_done(now, Way::There) && !edit.is_done(now, Way::Back))
        .collect();
    match same {
        false if ours == 0 => Verdict::Another,
        false => {
            Verdict::Foreign("it was made anew since, with what we had put into it".to_owned())
        }
        true if !foreign.is_empty() => {
            let told: Vec<String> =
                foreign.into_iter().map(|edit| told(change, edit, now)).collect();
            Verdict::Foreign(told.join("; "))
        }
        true if ours == 0 => Verdict::Before,
        true if ours == edits.iter().filter(differs).count() => Verdict::Ours,
        true => Verdict::Partly,
    }
}

/// Before, ours, now.
fn told(change: &Change, edit: &Edit, now: &Value) -> String {
    let path = printable(&edit.path(), SHOWN);
    // What stands in a Secret is never told.
    if change.resource.kind == "Secret" && path.starts_with("data") {
        return format!("{path} is neither what it was nor what we put there");
    }
    let now = find(now, &edit.at);
    format!(
        "{path}: before {}, ours {}, now {}",
        shown(edit.before.as_ref()),
        shown(edit.after.as_ref()),
        shown(now)
    )
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| printable(&value.to_string(), SHOWN))
}

/// What people can do about it.
pub(super) fn mend(change: &Change) -> String {
    let object = change.object();
    let place = object.namespace.as_deref().map(|name| format!(" -n {name}")).unwrap_or_default();
    format!(
        "look at it, then either `gameday halt --take-back {}` puts what stood there before in its place, or set it right by hand \
         (kubectl edit {} {}{place}) and remove the label {}",
        printable(&change.fault, SHOWN),
        object.resource.plural,
        printable(&object.name, SHOWN),
        crate::kubernetes::name::FAULT,
    )
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::Node;
    use serde_json::json;

    use super::super::change::Deed;
    use super::super::edit::key;
    use super::super::resource::Resource;
    use super::*;

    #[test]
    fn it_knows_who_changed_what() {
        let node = json!({ "metadata": { "uid": "u", "annotations": {} }, "spec": {} });
        let edits = vec![
            Edit::new(&node, vec![key("spec"), key("unschedulable")], Some(json!(true))),
            Edit::new(
                &node,
                vec![key("metadata"), key("annotations"), key("f")],
                Some(json!("r/s")),
            ),
        ];
        let change = Change {
            what: "cordon".into(),
            resource: Resource::whole::<Node>(),
            namespace: None,
            name: "n1".to_owned(),
            uid: "u".to_owned(),
            fault: "r/s".to_owned(),
            deed: Deed::Patch { edits, brief: false },
            effect: vec![],
            back: vec![],
            warnings: vec![],
        };
        let seen = |uid: &str, spec: Value, notes: Value| {
            judge(
                &change,
                &json!({ "metadata": { "uid": uid, "annotations": notes }, "spec": spec }),
            )
        };
        let ours = json!({ "unschedulable": true });
        assert_eq!(judge(&change, &node), Verdict::Before);
        assert_eq!(seen("u", ours.clone(), json!({ "f": "r/s" })), Verdict::Ours);
        assert_eq!(seen("u", json!({}), json!({ "f": "r/s" })), Verdict::Partly);
        assert_eq!(seen("other", json!({}), json!({})), Verdict::Another);
        assert!(matches!(seen("other", ours, json!({})), Verdict::Foreign(_)));
        let Verdict::Foreign(told) = seen("u", json!({ "unschedulable": "\u{1b}no" }), json!({}))
        else {
            panic!("somebody else was there");
        };
        assert_eq!(told, "spec.unschedulable: before nothing, ours true, now \"\\u001bno\"");
        assert!(mend(&change).contains("gameday halt --take-back r/s"));
    }
}
