//! Arguments of pictures and casts of a recording, as typed. Not what they mean.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::screen::language;
use crate::gameday::span::Span;
use crate::lang::Language;
use crate::tui::replay::when::{When, parse};

/// Which moment to draw, and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct Shot {
    /// The recording
    pub(in crate::cli) file: PathBuf,
    /// Which moment: 12m30s or 1:02:03 since the recording began, T+5m on the exercise clock, 14:05 of the day in UTC,
    /// -30s before its end
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = moment)]
    pub(in crate::cli) at: When,
    /// As what
    #[arg(long, value_enum, default_value_t = Drawn::Svg)]
    pub(in crate::cli) format: Drawn,
    /// The new file, instead of standard output
    #[arg(long, value_name = "NEW")]
    pub(in crate::cli) out: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) look: Look,
}

/// Which stretch to draw, and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct Cast {
    /// The recording
    pub(in crate::cli) file: PathBuf,
    /// Its first moment, as typed for `gameday shot --at`; else where the recording begins
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = moment, default_value = "0")]
    pub(in crate::cli) from: When,
    /// Its last moment; else where the recording ends
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = moment, default_value = "-0")]
    pub(in crate::cli) to: When,
    /// So many times as fast as it was, 0.1 to 100; pauses stay, and shrink as everything else
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = speed)]
    pub(in crate::cli) speed: f64,
    /// The new file
    #[arg(long, value_name = "NEW.cast")]
    pub(in crate::cli) out: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) look: Look,
}

/// How a recording is drawn that nobody sits before.
#[derive(Debug, Args)]
pub(in crate::cli) struct Look {
    /// Columns and rows, 20x5 to 500x200
    #[arg(long, value_name = "WxH", default_value = "120x40", value_parser = size)]
    pub(in crate::cli) size: (u16, u16),
    /// What participants saw: nothing planned, no fault, no word of the facilitator
    #[arg(long)]
    pub(in crate::cli) participants: bool,
    /// As it is replayed: with the bar of the recording, and with what was added to it afterwards
    #[arg(long)]
    pub(in crate::cli) scrub: bool,
    /// Colours: a theme's name or its file, as for `gameday replay`; none with NO_COLOR
    #[arg(long, value_name = "NAME|FILE", env = "GAMEDAY_THEME")]
    pub(in crate::cli) theme: Option<String>,
    /// ASCII characters alone, in English
    #[arg(long)]
    pub(in crate::cli) ascii: bool,
    /// Language, instead of that of the environment (LANG): en, ja
    #[arg(long, value_name = "CODE", env = "GAMEDAY_LANG", value_parser = language)]
    pub(in crate::cli) lang: Option<Language>,
    /// Also of a recording that was changed after it was written; standard error says so
    #[arg(long)]
    pub(in crate::cli) anyway: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Drawn {
    /// A picture that any browser shows; its text can be selected
    Svg,
    /// The characters alone
    Text,
}

/// No screen is smaller, and none larger.
const LEAST: (u16, u16) = (20, 5);
const MOST: (u16, u16) = (500, 200);

fn size(text: &str) -> Result<(u16, u16), String> {
    let sides = text.split_once(['x', '×']);
    let side = |side: &str| side.parse::<u16>().ok();
    let sides = sides.and_then(|(width, height)| Some((side(width)?, side(height)?)));
    let (width, height) =
        sides.ok_or("write columns and rows with an x between them, for example 160x48")?;
    let fits = (LEAST.0..=MOST.0).contains(&width) && (LEAST.1..=MOST.1).contains(&height);
    fits.then_some((width, height)).ok_or_else(|| {
        format!("a screen has {}x{} to {}x{} cells", LEAST.0, LEAST.1, MOST.0, MOST.1)
    })
}

fn moment(text: &str) -> Result<When, String> {
    parse(text).ok_or_else(|| {
        "this is no time; write 12m30s, 1:02:03, T+5m, 14:05, +30s or -30s".to_owned()
    })
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.trim_end_matches(['x', '×']).parse::<f64>().ok();
    speed
        .filter(|speed| (0.1..=100.0).contains(speed))
        .ok_or_else(|| "write a number from 0.1 to 100, for example 4".to_owned())
}

impl Cast {
    /// Whether it ends where the recording does.
    pub(in crate::cli) fn is_to_end(&self) -> bool {
        self.to == When::Earlier(Span::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_speeds_have_bounds() {
        for (text, want) in [
            ("160x48", Some((160, 48))),
            ("20x5", Some((20, 5))),
            ("500x200", Some((500, 200))),
            ("19x5", None),
            ("20x4", None),
            ("501x200", None),
            ("500x201", None),
            ("99999x9", None),
            ("-20x40", None),
            ("160", None),
            ("x", None),
        ] {
            assert_eq!(size(text).ok(), want, "{text}");
        }
        for (text, want) in [
            ("4", Some(4.0)),
            ("0.25x", Some(0.25)),
            ("0", None),
            ("-1", None),
            ("101", None),
            ("NaN", None),
            ("inf", None),
        ] {
            assert_eq!(speed(text).ok(), want, "{text}");
        }
    }
}
