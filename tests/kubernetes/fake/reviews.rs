//! Questions about rights and identities, answered from what requests are judged by.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::failure::{Cause, Failure};
use super::kinds::Kind;
use super::rights::{Wish, may, rules};
use super::shape;
use super::state::State;
use super::users::User;

/// Answers a review.
pub fn answer(state: &State, call: &Call) -> Result<Reply, Failure> {
    let mut review = shape::read(&call.body, &call.media_type)?;
    shape::is_of(&call.kind, &mut review)?;
    shape::known(&call.kind, &mut review)?;
    if review["metadata"].is_null() {
        review["metadata"] = json!({});
    }
    let spec = review["spec"].clone();
    review["status"] = match call.kind.kind.as_str() {
        "SelfSubjectAccessReview" => access(state, &call.kind, &call.user, &spec)?,
        "SubjectAccessReview" | "LocalSubjectAccessReview" => {
            let groups = spec["groups"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let user = User {
                name: spec["user"].as_str().unwrap_or_default().to_owned(),
                groups: groups.map(str::to_owned).collect(),
            };
            access(state, &call.kind, &user, &spec)?
        }
        "SelfSubjectRulesReview" => {
            let namespace = spec["namespace"].as_str().unwrap_or_default();
            if namespace.is_empty() {
                return Err(Failure::bad_request("no namespace on request"));
            }
            held(state, &call.user, namespace)
        }
        "SelfSubjectReview" => json!({"userInfo": call.user.told()}),
        _ => match state.users.of_token(spec["token"].as_str().unwrap_or_default()) {
            Some(user) => json!({"authenticated": true, "user": user.told()}),
            None => json!({"user": {}, "error": "invalid bearer token"}),
        },
    };
    Ok(Reply::created(review))
}

fn access(state: &State, kind: &Kind, user: &User, spec: &Value) -> Result<Value, Failure> {
    let (resource, path) = (&spec["resourceAttributes"], &spec["nonResourceAttributes"]);
    if resource.is_null() == path.is_null() {
        let why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
        let cause = Cause::invalid("spec.resourceAttributes", resource, why);
        return Err(Failure::invalid(kind, "", &[cause]));
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let wish = if path.is_null() {
        let sub = text(&resource["subresource"]);
        let plain = text(&resource["resource"]);
        Wish {
            verb: text(&resource["verb"]),
            group: text(&resource["group"]),
            resource: if sub.is_empty() { plain } else { format!("{plain}/{sub}") },
            namespace: text(&resource["namespace"]),
            name: text(&resource["name"]),
            path: None,
        }
    } else {
        Wish { verb: text(&path["verb"]), path: Some(text(&path["path"])), ..Wish::default() }
    };
    Ok(match may(state, user, &wish) {
        Some(why) => json!({"allowed": true, "reason": why}),
        None => json!({"allowed": false}),
    })
}

fn held(state: &State, user: &User, namespace: &str) -> Value {
    let mut all = rules(state, user);
    all.retain(|held| held.namespace.as_ref().is_none_or(|one| one == namespace));
    let mut rules: Vec<Value> = all.into_iter().map(|held| held.rule).collect();
    if user.groups.iter().any(|group| group == "system:masters") {
        rules.push(json!({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}));
        rules.push(json!({"verbs": ["*"], "nonResourceURLs": ["*"]}));
    }
    let (paths, resources): (Vec<Value>, Vec<Value>) =
        rules.into_iter().partition(|rule| !rule["nonResourceURLs"].is_null());
    json!({"resourceRules": resources, "nonResourceRules": paths, "incomplete": false})
}
