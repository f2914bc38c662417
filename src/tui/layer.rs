//! What lies uppermost and takes the keys: the screen itself, a line being typed, a question. Not what the keys mean.

/// What takes the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// The screen itself, where keys act.
    Screen,
    /// The log's line.
    Typing,
    /// The palette of actions and levers.
    Palette,
    /// The help.
    Help,
    /// The objectives.
    Objectives,
    /// The themes.
    Themes,
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
pub const LAYERS: [Layer; 10] = [
    Layer::Screen,
    Layer::Typing,
    Layer::Palette,
    Layer::Help,
    Layer::Objectives,
    Layer::Themes,
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
            Self::Palette => "palette",
            Self::Help => "help",
            Self::Objectives => "objectives",
            Self::Themes => "themes",
            Self::Picking => "picking",
            Self::Question => "question",
            Self::Answer => "answer",
            Self::Halting => "halting",
        }
    }

    /// Whether letters are text here.
    pub const fn types(self) -> bool {
        matches!(self, Self::Typing | Self::Palette | Self::Answer)
    }
}
