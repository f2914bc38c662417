//! Changes of Secrets with certificates. What stands in them stays in memory.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::certificate::{Pair, names};
use super::super::change::{Change, Deed};
use super::super::edit::{Edit, key};
use super::super::owner::is_issued;
use super::super::resource::Object;
use super::start::{Mark, marked, start};
use crate::exercise::said::said;
use crate::gameday::text::printable;

const CERTIFICATE: &str = "tls.crt";
const KEY: &str = "tls.key";

/// The one Secret among `secrets` that holds a certificate gets one that has expired; `kept` is where it is kept what stood there.
pub(in super::super) fn swap(
    secrets: &[(Object, Value)],
    kept: String,
    expired: i64,
    mark: &Mark,
) -> Result<Change, String> {
    let tls = |one: &&(Object, Value)| {
        one.1.get("type").and_then(Value::as_str) == Some("kubernetes.io/tls")
    };
    let words = |all: &[&(Object, Value)]| {
        all.iter().map(|(of, _)| printable(&of.name, 80)).collect::<Vec<_>>().join(", ")
    };
    let found: Vec<&(Object, Value)> = secrets.iter().filter(tls).collect();
    let (of, object) = match &found[..] {
        [one] => *one,
        [] if secrets.is_empty() => {
            return Err("no Secret that they mount is there: a certificate is in one of type kubernetes.io/tls".to_owned());
        }
        [] => {
            let all: Vec<&(Object, Value)> = secrets.iter().collect();
            return Err(format!("no Secret among {} is of type kubernetes.io/tls", words(&all)));
        }
        several => {
            return Err(format!(
                "which certificate is meant? They mount {}: choose pods that mount only one",
                words(several)
            ));
        }
    };
    if is_issued(object) {
        return Err(format!(
            "{of} is made by cert-manager, which would put a good certificate back at once: exchange a Secret that nobody issues, \
             or move the clock of those who connect (time-chaos)"
        ));
    }
    let before = pair(object).ok_or_else(|| format!("{of} holds no certificate and key"))?;
    let names = names(&before.certificate).map_err(|why| format!("{of}: {why}"))?;
    let what = said!(
        "native-swap",
        "put an expired certificate for {names} into {object}",
        names = printable(&names.join(", "), 160),
        object = of.to_string()
    );
    let deed = Deed::SecretSwap {
        kept,
        before: before.fingerprint(),
        names,
        expired,
        mark: vec![marked(object, mark)],
    };
    start(of.clone(), object, deed, mark, what)
}

/// The certificate and key in a Secret.
pub(in super::super) fn pair(object: &Value) -> Option<Pair> {
    let part = |name: &str| {
        let text = object.get("data")?.get(name)?.as_str()?;
        STANDARD.decode(text).ok()
    };
    Some(Pair { certificate: part(CERTIFICATE)?, key: part(KEY)? })
}

/// The fields of a Secret that change from one pair to another; for the server only.
pub(in super::super) fn swapped(before: &Pair, after: &Pair) -> Vec<Edit> {
    let edit = |name: &str, before: &[u8], after: &[u8]| Edit {
        at: vec![key("data"), key(name)],
        before: Some(json!(STANDARD.encode(before))),
        after: Some(json!(STANDARD.encode(after))),
        place: None,
        made: 0,
    };
    vec![
        edit(CERTIFICATE, &before.certificate, &after.certificate),
        edit(KEY, &before.key, &after.key),
    ]
}
