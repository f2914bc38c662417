//! Schedules as Chaos Mesh reads them: five fields, or six with seconds, or a word. Not when they fall due.

use crate::gameday::go_duration;

const WORDS: [&str; 7] =
    ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// A field: least, most, and the names of its values.
type Field = (u32, u32, &'static [&'static str]);

const FIELDS: [Field; 6] =
    [(0, 59, &[]), (0, 59, &[]), (0, 23, &[]), (1, 31, &[]), (1, 12, &MONTHS), (0, 6, &DAYS)];

/// Whether Chaos Mesh can read it.
pub(super) fn check(text: &str) -> Result<(), String> {
    if let Some(every) = text.strip_prefix("@every ") {
        return go_duration::length(every.trim()).map(drop);
    }
    if text.starts_with('@') {
        return match WORDS.contains(&text) {
            true => Ok(()),
            false => Err("it is no word for a schedule".to_owned()),
        };
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    let known = match fields.len() {
        5 => &FIELDS[1..],
        6 => &FIELDS[..],
        other => return Err(format!("it has {other} fields, and not five, or six with seconds")),
    };
    match fields.iter().zip(known).find(|(field, known)| !fits(field, **known)) {
        Some((field, _)) => {
            Err(format!("the field \"{}\" is wrong", super::super::pod::shown(field)))
        }
        None => Ok(()),
    }
}

fn fits(field: &str, known: Field) -> bool {
    field.split(',').all(|part| {
        let (range, step) = part.split_once('/').map_or((part, None), |(a, b)| (a, Some(b)));
        let steps = step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0));
        let range = match range.split_once('-') {
            _ if matches!(range, "*" | "?") => true,
            Some((low, high)) => match (value(low, known), value(high, known)) {
                (Some(low), Some(high)) => low <= high,
                _ => false,
            },
            None => value(range, known).is_some(),
        };
        steps && range
    })
}

fn value(text: &str, (least, most, names): Field) -> Option<u32> {
    let named = names.iter().position(|name| text.eq_ignore_ascii_case(name));
    let named = named.and_then(|at| u32::try_from(at).ok()).map(|at| at + least);
    let value = named.or_else(|| text.parse().ok())?;
    (least..=most).contains(&value).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_of_chaos_mesh() {
        for good in [
            "@every 60s",
            "@hourly",
            "*/5 * * * *",
            "0 30 3-6,20-23 * * *",
            "0 0 1 jan mon-fri",
            "? * * * ?",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "@every",
            "@every 5",
            "@often",
            "* * * *",
            "60 * * * *",
            "* 24 * * *",
            "5-1 * * * *",
            "*/0 * * * *",
            "* * * foo *",
            "* * * * * * *",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
