//! What everything of ours in a cluster is called and labelled, so that any later process, on any machine, finds it. Pure.

use std::collections::BTreeMap;

/// Who writes, for server-side apply and in managed fields.
pub const FIELD_MANAGER: &str = "chaos-gameday";
/// Label and value of everything that we make. Never the bare `managed-by`, which Chaos Mesh looks at itself.
pub const MANAGED_BY: (&str, &str) = ("app.kubernetes.io/managed-by", "chaos-gameday");
/// Label and value of everything that we make.
pub const PART_OF: (&str, &str) = ("app.kubernetes.io/part-of", "chaos-gameday");
/// Label: the run it belongs to.
pub const RUN: &str = "gameday.internal/run-id";
/// Label: the name of the game day.
pub const GAME_DAY: &str = "gameday.internal/game-day";
/// Label: the injection, within the run.
pub const STEP: &str = "gameday.internal/step";
/// Label: `experiment`, `load`, `reaper`, `journal` or `lease`.
pub const KIND: &str = "gameday.internal/kind";
/// Annotation: when it must be over (RFC 3339).
pub const DEADLINE: &str = "gameday.internal/deadline";
/// Annotation: the version of this program.
pub const VERSION: &str = "gameday.internal/tool-version";
/// Label on an object of somebody else that we changed: [`mark`]. No annotation: controllers copy those of a Deployment to each
/// ReplicaSet, where they stay.
pub const FAULT: &str = "gameday.internal/fault";

/// Annotation on the journal and the lease of a run: when somebody stopped it from elsewhere, and who.
pub const HALTED: &str = "gameday.internal/halted";

/// The longest name of an object that every kind takes, and of a label's value.
const LONGEST: usize = 63;

/// Short for an exercise: `20261122T160500Z-black-friday-1a2b` becomes `20261122t160500z-1a2b`. Always a label's value and a part
/// of a name.
pub fn run_id(exercise: &str) -> String {
    let lower = exercise.to_ascii_lowercase();
    let short = match (lower.split_once('-'), lower.rsplit_once('-')) {
        (Some((first, _)), Some((_, last))) => format!("{first}-{last}"),
        _ => lower.clone(),
    };
    let fits = short.len() <= 32
        && !short.starts_with('-')
        && !short.ends_with('-')
        && short.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if fits && !short.is_empty() { short } else { format!("x{:016x}", digest(exercise)) }
}

/// A name of an object for one step of a run: `gd-<run>-<step>`, with a digest of `key`, so that steps whose names are cut
/// short stay apart.
pub fn object(run: &str, step: &str, key: &str) -> String {
    let tail = format!("{:06x}", digest(key) & 0xff_ffff);
    let head = format!("gd-{run}-");
    let room = LONGEST.saturating_sub(head.len() + tail.len() + 1);
    let step = label(step);
    let step: String = step.chars().take(room).collect();
    let step = step.to_ascii_lowercase().replace(['_', '.'], "-");
    format!("{head}{}-{tail}", step.trim_end_matches('-')).replace("--", "-")
}

/// Any text as the value of a label: what does not fit becomes a dash, and it is cut.
pub fn label(text: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
    let all: String = text.chars().map(|c| if fits(c) { c } else { '-' }).take(LONGEST).collect();
    all.trim_matches(['-', '_', '.']).to_owned()
}

/// The value of the label that a fault, `run/step`, leaves on what it changed. What is too long is cut, and stays apart.
pub fn mark(fault: &str) -> String {
    let whole = fault.replacen('/', "_", 1);
    let value = label(&whole);
    if value == whole {
        return value;
    }
    let tail = format!("-{:06x}", digest(fault) & 0xff_ffff);
    let head: String = value.chars().take(LONGEST - tail.len()).collect();
    format!("{head}{tail}")
}

/// The run of such a value.
pub fn run_of(mark: &str) -> &str {
    mark.split('_').next().unwrap_or(mark)
}

/// The labels of everything that we make for a run.
pub fn labels(run: &str, kind: &str, step: Option<&str>) -> BTreeMap<String, String> {
    let own = [MANAGED_BY, PART_OF, (RUN, run), (KIND, kind)];
    let step = step.map(|step| (STEP.to_owned(), label(step)));
    own.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).chain(step).collect()
}

/// A selector of everything of one run, or of every run.
pub fn selector(run: Option<&str>) -> String {
    let all = format!("{}={}", MANAGED_BY.0, MANAGED_BY.1);
    match run {
        Some(run) => format!("{all},{RUN}={run}"),
        None => all,
    }
}

/// FNV-1a, 64 bit: stable over versions of this program.
pub fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_values_of_labels_and_stay_apart() {
        assert_eq!(mark("20261122t160500z-1a2b/scale-0"), "20261122t160500z-1a2b_scale-0");
        assert_eq!(run_of("20261122t160500z-1a2b_a_b-0"), "20261122t160500z-1a2b");
        let long = |round: u32| mark(&format!("r-1/{}-{round}", "a".repeat(80)));
        assert!(long(0) != long(1) && long(0).len() == LONGEST, "{}", long(0));
        assert_eq!(label(&mark("r-1/エラー-0")), mark("r-1/エラー-0"));
        // Who reads it from an object may give it back as it stands there.
        for fault in ["r-1/a_b-0", "r-1/エラー-0", &format!("r-1/{}", "a".repeat(80))] {
            assert_eq!(mark(&mark(fault)), mark(fault));
        }
    }

    #[test]
    fn names_fit_and_stay_apart() {
        let run = run_id("20261122T160500Z-black-friday-1a2b");
        assert_eq!(run, "20261122t160500z-1a2b");
        let long = "a".repeat(80);
        let (one, other) = (object(&run, &long, "key-0"), object(&run, &long, "key-1"));
        assert_ne!(one, other);
        for name in [&one, &other, &object(&run, "Ünïcode--", "k"), &object(&run, "", "k")] {
            assert!(name.len() <= LONGEST, "{name}");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            assert!(!name.ends_with('-') && !name.contains("--"), "{name}");
        }
    }

    #[test]
    fn any_exercise_has_a_run_that_is_a_label() {
        for exercise in ["", "x", "-", "Ünï-1", "a-b", &"z-".repeat(60)] {
            let run = run_id(exercise);
            assert_eq!(run, label(&run), "{exercise}");
            assert!(!run.is_empty() && run.len() <= 32);
        }
    }
}
