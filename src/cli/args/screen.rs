//! Arguments about the screen, as typed. Not what they mean.

use clap::{Args, ValueEnum};

use crate::lang::{LANGUAGES, Language};
use crate::tui::manners::{self, Manners};

/// How the screen looks and speaks.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Screen {
    /// Colours of the screen: dark, light, high-contrast, colour-blind, colour-blind-light, mono, one of the folder
    /// `themes` of the user's configuration, or a file; else the one last kept at the screen
    #[arg(long, value_name = "NAME|FILE", env = "GAMEDAY_THEME")]
    pub(in crate::cli) theme: Option<String>,
    /// Show ASCII characters alone, in English; without it so where the locale (LC_ALL, LC_CTYPE, LANG) is not UTF-8
    #[arg(long, env = "GAMEDAY_ASCII", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true")]
    pub(in crate::cli) ascii: bool,
    /// Language of the screen, instead of that of the environment (LANG), and of the reports, instead of English: en, ja
    #[arg(long, value_name = "CODE", env = "GAMEDAY_LANG", value_parser = language)]
    pub(in crate::cli) lang: Option<Language>,
    /// Keys of the screen: vim, arrows, or a file; else keys.yaml of the user's configuration folder
    #[arg(long, value_name = "NAME|FILE", env = "GAMEDAY_KEYS")]
    pub(in crate::cli) keys: Option<String>,
    /// Leave the mouse to the terminal
    #[arg(long, env = "GAMEDAY_NO_MOUSE", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, default_value_t = false, default_missing_value = "true")]
    pub(in crate::cli) no_mouse: bool,
    /// Neither title nor bell nor notifications
    #[arg(long, env = "GAMEDAY_QUIET_TERMINAL", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, default_value_t = false, default_missing_value = "true")]
    pub(in crate::cli) quiet_terminal: bool,
    /// How to call on incidents and halts while the terminal is not in focus, instead of what it understands
    #[arg(long, value_enum, value_name = "KIND", env = "GAMEDAY_CALL")]
    pub(in crate::cli) call: Option<Call>,
    /// Draw what is measured every five seconds only, and what happens at once
    #[arg(long, env = "GAMEDAY_REDUCED_MOTION", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, default_value_t = false, default_missing_value = "true")]
    pub(in crate::cli) reduced_motion: bool,
}

/// How somebody who looks elsewhere is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Call {
    /// Not at all
    Off,
    /// By the bell
    Bell,
    /// By the bell and a notification of the desktop: iTerm2, WezTerm, kitty, Windows Terminal
    Osc9,
    /// By the bell and a notification of the desktop: foot, urxvt
    Osc777,
}

impl Screen {
    /// What is wanted of the terminal, and otherwise what suits it.
    pub(in crate::cli) fn manners(&self, lookup: impl Fn(&str) -> Option<String>) -> Manners {
        let found = Manners::detect(lookup);
        let call = match self.call {
            None => found.call,
            Some(Call::Off) => manners::Call::Off,
            Some(Call::Bell) => manners::Call::Bell,
            Some(Call::Osc9) => manners::Call::Osc9,
            Some(Call::Osc777) => manners::Call::Osc777,
        };
        Manners {
            mouse: found.mouse && !self.no_mouse,
            title: found.title && !self.quiet_terminal,
            call: if self.quiet_terminal { manners::Call::Off } else { call },
            calm: self.reduced_motion,
        }
    }
}

/// The language of a code.
pub(super) fn language(code: &str) -> Result<Language, String> {
    let known = || LANGUAGES.map(Language::code).join(", ");
    Language::named(code)
        .ok_or_else(|| format!("there are no texts in it; there are in {}", known()))
}
