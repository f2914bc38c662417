//! A place in the JSON report: `objectives[0].evidence`. Not what stands there.

use serde_json::Value;

/// What stands at `path`; `None`: there is no such place.
pub fn at<'a>(json: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return None;
    }
    path.split('.').try_fold(json, |here, step| {
        let (name, places) = step.split_once('[').map_or((step, None), |(a, b)| (a, Some(b)));
        let here = if name.is_empty() { here } else { here.get(name)? };
        let Some(places) = places else { return Some(here) };
        places
            .strip_suffix(']')?
            .split("][")
            .try_fold(here, |here, place| here.get(place.parse::<usize>().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::at;

    #[test]
    fn a_path_leads_to_its_place_or_nowhere() {
        let json = serde_json::json!({ "a": [{ "b": 1 }, [2, 3]], "c": { "d": null } });
        for (path, found) in [
            ("a[0].b", Some(serde_json::json!(1))),
            ("a[1][1]", Some(serde_json::json!(3))),
            ("c.d", Some(serde_json::Value::Null)),
            ("c.e", None),
            ("a[2]", None),
            ("a[x]", None),
            ("a[0", None),
            ("", None),
        ] {
            assert_eq!(at(&json, path).cloned(), found, "{path}");
        }
    }
}
