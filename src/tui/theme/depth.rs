//! How many colours a terminal has, by what its environment says. Not the colours.

/// How many colours the terminal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// None: words, shapes and modifiers alone.
    Mono,
    /// The sixteen that every terminal has.
    #[default]
    Sixteen,
    /// A palette of 256.
    Palette,
    /// All of them.
    True,
}

/// Every depth.
pub const DEPTHS: [Depth; 4] = [Depth::Mono, Depth::Sixteen, Depth::Palette, Depth::True];

impl Depth {
    /// The depth that the environment speaks of; `lookup` gives a variable's value.
    /// `NO_COLOR` with anything in it means none.
    pub fn detect(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        if set("NO_COLOR").is_some() || term == "dumb" {
            return Self::Mono;
        }
        let colour = set("COLORTERM").unwrap_or_default();
        if colour == "truecolor" || colour == "24bit" || term.ends_with("-direct") {
            return Self::True;
        }
        if term.contains("256color") { Self::Palette } else { Self::Sixteen }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_the_depth() {
        let detect = |pairs: &[(&str, &str)]| {
            Depth::detect(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        for (pairs, want) in [
            (&[("TERM", "xterm-256color"), ("NO_COLOR", "1")][..], Depth::Mono),
            (&[("TERM", "xterm-256color"), ("NO_COLOR", "")], Depth::Palette),
            (&[("TERM", "dumb")], Depth::Mono),
            (&[("TERM", "xterm"), ("COLORTERM", "truecolor")], Depth::True),
            (&[("TERM", "linux")], Depth::Sixteen),
            (&[], Depth::Sixteen),
        ] {
            assert_eq!(detect(pairs), want, "{pairs:?}");
        }
    }
}
