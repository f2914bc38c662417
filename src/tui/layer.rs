//! What lies uppermost and takes the keys: the screen itself, a line being typed, a question. Not what the keys mean.

use super::place::Place;

/// What takes the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// The screen itself, where keys act.
    Screen,
    /// The log's line.
    Typing,
    /// The log's line with candidates for the word that is typed.
    Completing,
    /// The palette of actions and levers.
    Palette,
    /// The help.
    Help,
    /// The objectives.
    Objectives,
    /// The themes.
    Themes,
    /// The launcher's filter.
    Filter,
    /// A text that is read in the launcher.
    Reading,
    /// The incidents, and what asks for one.
    Incidents,
    /// The score board.
    Board,
    /// The deck and the hints.
    Deck,
    /// People, teams and roles.
    Crew,
    /// The moments that were pinned.
    Moments,
    /// The handover.
    Handover,
    /// Somebody or something to choose, for what lies below.
    Choosing,
    /// The question whether something real happened.
    Declaring,
    /// A list that is picked from.
    Picking,
    /// A question with yes and no.
    Question,
    /// A question with an answer to type.
    Answer,
    /// The question of the emergency stop.
    Halting,
}

/// Every layer, in the order of the documents.
pub const LAYERS: [Layer; 21] = [
    Layer::Screen,
    Layer::Typing,
    Layer::Completing,
    Layer::Palette,
    Layer::Help,
    Layer::Objectives,
    Layer::Themes,
    Layer::Filter,
    Layer::Reading,
    Layer::Incidents,
    Layer::Board,
    Layer::Deck,
    Layer::Crew,
    Layer::Moments,
    Layer::Handover,
    Layer::Choosing,
    Layer::Declaring,
    Layer::Picking,
    Layer::Question,
    Layer::Answer,
    Layer::Halting,
];

impl Layer {
    /// Its name in keymap files. The catalogues have it as `layer-<slug>`.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Typing => "typing",
            Self::Completing => "completing",
            Self::Palette => "palette",
            Self::Help => "help",
            Self::Objectives => "objectives",
            Self::Themes => "themes",
            Self::Filter => "filter",
            Self::Reading => "reading",
            Self::Incidents => "incidents",
            Self::Board => "board",
            Self::Deck => "deck",
            Self::Crew => "crew",
            Self::Moments => "moments",
            Self::Handover => "handover",
            Self::Choosing => "choosing",
            Self::Declaring => "declaring",
            Self::Picking => "picking",
            Self::Question => "question",
            Self::Answer => "answer",
            Self::Halting => "halting",
        }
    }

    /// Whether there is such a thing in a place.
    pub fn belongs(self, place: Place) -> bool {
        match place {
            Place::Launcher => true,
            Place::Compare => {
                matches!(self, Self::Screen | Self::Palette | Self::Help | Self::Themes)
            }
            _ => !matches!(self, Self::Filter | Self::Reading),
        }
    }

    /// Whether letters are text here.
    pub const fn types(self) -> bool {
        matches!(
            self,
            Self::Typing | Self::Completing | Self::Palette | Self::Filter | Self::Answer
        )
    }
}
