//! What a person wants of the terminal besides the picture: the mouse, the title, a call when something happens, and
//! quiet. Not the escape sequences.

use std::time::Duration;

use super::text;
use super::words;
use crate::exercise::event::Event;
use crate::exercise::state::State;
use crate::lang::{Lang, Message};

/// How somebody who looks elsewhere is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Call {
    /// Not at all.
    #[default]
    Off,
    /// By the bell alone.
    Bell,
    /// By the bell and a notification of the desktop, as iTerm2 began it (OSC 9).
    Osc9,
    /// The same as urxvt began it (OSC 777).
    Osc777,
}

impl Call {
    /// What the terminal of this environment understands. Inside a multiplexer only the bell gets through.
    pub fn detect(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        if term.is_empty() || term == "dumb" {
            return Self::Off;
        }
        let inside = ["screen", "tmux"].iter().any(|name| term.starts_with(name));
        if inside || set("TMUX").is_some() || set("STY").is_some() {
            return Self::Bell;
        }
        let program = set("TERM_PROGRAM").unwrap_or_default();
        let osc9 = ["iTerm.app", "WezTerm", "ghostty"].contains(&program.as_str());
        if osc9 || set("WT_SESSION").is_some() || term.starts_with("xterm-kitty") {
            Self::Osc9
        } else if ["foot", "rxvt-unicode"].iter().any(|name| term.starts_with(name)) {
            Self::Osc777
        } else {
            Self::Bell
        }
    }
}

/// What is wanted of the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manners {
    /// Clicks, drags and the wheel are taken; the terminal's own selection then needs Shift.
    pub mouse: bool,
    /// The title says what runs.
    pub title: bool,
    /// How somebody who looks elsewhere is called.
    pub call: Call,
    /// Reduced motion: what is measured is drawn every few seconds, what happens at once.
    pub calm: bool,
}

impl Manners {
    /// What suits the terminal of this environment.
    pub fn detect(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let term = lookup("TERM").unwrap_or_default();
        let title = !matches!(term.as_str(), "" | "dumb" | "linux");
        Self { mouse: true, title, call: Call::detect(lookup), calm: false }
    }
}

/// With reduced motion, so long nothing moves of what is only measured.
pub const CALM: Duration = Duration::from_secs(5);
/// No title and no call is longer, in cells.
const LONGEST: usize = 100;

/// What the title says: what runs, and how it stands.
pub fn title(state: &State, lang: &Lang) -> String {
    let (sign, word) = words::stage(state);
    let message = Message::plain("title-live")
        .with("sign", sign)
        .naming("stage", word)
        .with("name", state.plan().title.as_str());
    text::fit(&lang.message(&message), LONGEST)
}

/// What somebody who looks elsewhere is told of an event, if it is worth a call; nothing of what they did themselves.
pub fn call(event: &Event, by: &str, lang: &Lang) -> Option<String> {
    let message = match event {
        Event::Halted { by: who, reason } if who != by => {
            Message::plain("call-halted").with("who", who.as_str()).told("why", reason.clone())
        }
        Event::IncidentOpened { author, title, severity, .. } if author != by => {
            Message::plain("call-incident")
                .with("severity", severity.to_string())
                .with("title", title.as_str())
        }
        _ => return None,
    };
    Some(text::fit(&lang.message(&message), LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::id::IncidentId;
    use crate::exercise::incident::Severity;
    use crate::lang::Language;

    #[test]
    fn every_terminal_is_called_in_its_own_way() {
        for (environment, want) in [
            (&[][..], Call::Off),
            (&[("TERM", "dumb")], Call::Off),
            (&[("TERM", "linux")], Call::Bell),
            (&[("TERM", "xterm-256color")], Call::Bell),
            (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")], Call::Osc9),
            (&[("TERM", "xterm-256color"), ("WT_SESSION", "1")], Call::Osc9),
            (&[("TERM", "xterm-kitty")], Call::Osc9),
            (&[("TERM", "foot-extra")], Call::Osc777),
            (&[("TERM", "rxvt-unicode-256color")], Call::Osc777),
            (&[("TERM", "tmux-256color"), ("TERM_PROGRAM", "WezTerm")], Call::Bell),
            (&[("TERM", "foot"), ("TMUX", "/tmp/tmux")], Call::Bell),
        ] {
            let lookup = |name: &str| {
                environment.iter().find(|(one, _)| *one == name).map(|(_, it)| (*it).to_owned())
            };
            assert_eq!(Call::detect(lookup), want, "{environment:?}");
            let titled = !matches!(want, Call::Off) && environment[0].1 != "linux";
            assert_eq!(Manners::detect(lookup).title, titled, "{environment:?}");
        }
    }

    #[test]
    fn others_are_called_for_and_nothing_acts_on_the_terminal() {
        let lang = Lang::new(Language::English);
        let halted = |by: &str| Event::Halted { by: by.into(), reason: "p99\u{7}\u{1b}]".into() };
        let opened = |author: &str| Event::IncidentOpened {
            id: IncidentId(0),
            team: "sre".into(),
            author: author.into(),
            title: "x".repeat(300),
            severity: Severity::Sev2,
            happened: None,
            people: Vec::new(),
            tags: Vec::new(),
            signal: None,
        };
        for event in [halted("guardrail"), opened("ben")] {
            let said = call(&event, "me", &lang).unwrap();
            assert!(!said.chars().any(char::is_control), "{said:?}");
            assert!(text::width(&said) <= LONGEST && said.len() > 10, "{said:?}");
        }
        assert_eq!(call(&halted("me"), "me", &lang), None);
        assert_eq!(call(&opened("me"), "me", &lang), None);
        assert_eq!(call(&Event::LoadStopped, "me", &lang), None);
    }
}
