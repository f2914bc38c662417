//! What each part of the screen means, and how a theme shows it. Not the parts.

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

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

/// What a part of the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Plain text.
    Text,
    /// Of lesser weight.
    Dim,
    /// Titles.
    Title,
    /// Lines between panels.
    Rule,
    /// A key that can be pressed.
    Key,
    /// The exercise runs.
    Running,
    /// It waits for someone or something.
    Waiting,
    /// It is stopped.
    Stopped,
    /// It is over.
    Over,
    /// As it should be.
    Good,
    /// Look here.
    Warn,
    /// Broken.
    Bad,
    /// What happens next.
    Next,
    /// Achieved load.
    Load,
    /// Planned load.
    Plan,
    /// History of a measured value.
    History,
    /// Where a limit is.
    Threshold,
    /// A fault was active.
    Fault,
    /// The present.
    Now,
    /// What keys act on.
    Selected,
    /// A team's name.
    Team,
    /// An incident.
    Incident,
}

/// A theme for one colour depth.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Its name.
    pub name: String,
    styles: Styles,
}

/// Why a theme cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// The name is not known.
    #[error("no theme \"{0}\"; there are {list}", list = NAMES.join(" and "))]
    Unknown(String),
    /// The text is no theme.
    #[error("theme cannot be read: {0}")]
    Invalid(String),
}

/// The names of the built-in themes.
pub const NAMES: [&str; 2] = ["dark", "light"];

const DARK: &str = include_str!("../../themes/dark.yaml");
const LIGHT: &str = include_str!("../../themes/light.yaml");

impl Theme {
    /// A built-in theme by its name, `dark` or `light`.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn named(name: &str, depth: Depth) -> Result<Self, ThemeError> {
        match name {
            "dark" => Self::parse(DARK, depth),
            "light" => Self::parse(LIGHT, depth),
            other => Err(ThemeError::Unknown(other.to_owned())),
        }
    }

    /// A theme from its YAML text.
    ///
    /// # Errors
    /// When it is no theme, or lacks or misnames a role.
    pub fn parse(yaml: &str, depth: Depth) -> Result<Self, ThemeError> {
        let file: ThemeFile =
            serde_yaml::from_str(yaml).map_err(|error| ThemeError::Invalid(error.to_string()))?;
        Ok(Self { name: file.name, styles: file.roles.styles(depth) })
    }

    /// How a role is shown.
    pub const fn style(&self, role: Role) -> Style {
        let all = &self.styles;
        match role {
            Role::Text => all.text,
            Role::Dim => all.dim,
            Role::Title => all.title,
            Role::Rule => all.rule,
            Role::Key => all.key,
            Role::Running => all.running,
            Role::Waiting => all.waiting,
            Role::Stopped => all.stopped,
            Role::Over => all.over,
            Role::Good => all.good,
            Role::Warn => all.warn,
            Role::Bad => all.bad,
            Role::Next => all.next,
            Role::Load => all.load,
            Role::Plan => all.plan,
            Role::History => all.history,
            Role::Threshold => all.threshold,
            Role::Fault => all.fault,
            Role::Now => all.now,
            Role::Selected => all.selected,
            Role::Team => all.team,
            Role::Incident => all.incident,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    name: String,
    roles: Roles,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    #[serde(default)]
    rgb: Option<Rgb>,
    ansi: Ansi,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    reversed: bool,
    #[serde(default)]
    underlined: bool,
}

/// The sixteen colours, and the terminal's own.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ansi {
    Reset,
    Black,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
    Gray,
    DarkGray,
    LightRed,
    LightGreen,
    LightYellow,
    LightBlue,
    LightMagenta,
    LightCyan,
    White,
}

impl From<Ansi> for Color {
    fn from(ansi: Ansi) -> Self {
        match ansi {
            Ansi::Reset => Self::Reset,
            Ansi::Black => Self::Black,
            Ansi::Red => Self::Red,
            Ansi::Green => Self::Green,
            Ansi::Yellow => Self::Yellow,
            Ansi::Blue => Self::Blue,
            Ansi::Magenta => Self::Magenta,
            Ansi::Cyan => Self::Cyan,
            Ansi::Gray => Self::Gray,
            Ansi::DarkGray => Self::DarkGray,
            Ansi::LightRed => Self::LightRed,
            Ansi::LightGreen => Self::LightGreen,
            Ansi::LightYellow => Self::LightYellow,
            Ansi::LightBlue => Self::LightBlue,
            Ansi::LightMagenta => Self::LightMagenta,
            Ansi::LightCyan => Self::LightCyan,
            Ansi::White => Self::White,
        }
    }
}

/// `#rrggbb`
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Rgb(u8, u8, u8);

impl TryFrom<String> for Rgb {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is no colour; write #rrggbb");
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or_else(wrong)?;
        let value = u32::from_str_radix(digits, 16).map_err(|_| wrong())?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Self(red, green, blue))
    }
}

impl Rgb {
    /// The nearest colour of the 6×6×6 cube of the 256-colour palette.
    fn palette(self) -> Color {
        let level = |value: u8| -> u8 {
            match value {
                0..=47 => 0,
                48..=114 => 1,
                other => (other - 35) / 40,
            }
        };
        Color::Indexed(16 + 36 * level(self.0) + 6 * level(self.1) + level(self.2))
    }
}

impl Look {
    fn style(&self, depth: Depth) -> Style {
        let ansi = Some(Color::from(self.ansi));
        let colour = match depth {
            Depth::Mono => None,
            Depth::Sixteen => ansi,
            Depth::Palette => self.rgb.map(Rgb::palette).or(ansi),
            Depth::True => self.rgb.map(|Rgb(r, g, b)| Color::Rgb(r, g, b)).or(ansi),
        };
        let mut style = Style::new();
        style.fg = colour.filter(|colour| *colour != Color::Reset);
        for (set, modifier) in [
            (self.bold, Modifier::BOLD),
            (self.reversed, Modifier::REVERSED),
            (self.underlined, Modifier::UNDERLINED),
        ] {
            if set {
                style = style.add_modifier(modifier);
            }
        }
        style
    }
}

macro_rules! roles {
    ($($role:ident),* $(,)?) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Roles { $($role: Look),* }

        #[derive(Clone, Debug, PartialEq)]
        struct Styles { $($role: Style),* }

        impl Roles {
            fn styles(&self, depth: Depth) -> Styles {
                Styles { $($role: self.$role.style(depth)),* }
            }
        }
    };
}

roles!(
    text, dim, title, rule, key, running, waiting, stopped, over, good, warn, bad, next, load,
    plan, history, threshold, fault, now, selected, team, incident,
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_themes_work_at_every_depth() {
        for name in NAMES {
            for depth in [Depth::Mono, Depth::Sixteen, Depth::Palette, Depth::True] {
                let theme = Theme::named(name, depth).unwrap();
                assert_eq!(theme.name, name);
                let bad = theme.style(Role::Bad);
                assert_eq!(bad.fg.is_none(), depth == Depth::Mono);
                assert!(bad.add_modifier.contains(Modifier::BOLD));
            }
        }
        assert!(matches!(Theme::named("pink", Depth::True), Err(ThemeError::Unknown(_))));
    }

    #[test]
    fn a_broken_theme_is_refused_with_its_reason() {
        let broken = DARK.replace("#ff7b72", "red!");
        let error = Theme::parse(&broken, Depth::True).unwrap_err().to_string();
        assert!(error.contains("write #rrggbb"), "{error}");
        let lacking = DARK.replace("  bad:", "  worse:");
        let error = Theme::parse(&lacking, Depth::True).unwrap_err().to_string();
        assert!(error.contains("worse"), "{error}");
    }

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
