//! How a theme shows what each part of the screen means, at one depth of colour. Not the parts, and not the files.

pub mod colour;
pub mod depth;
pub mod read;
pub mod role;
pub mod sheet;

use ratatui::style::Style;

use self::colour::Rgb;
pub use self::depth::Depth;
use self::role::ROLES;
pub use self::role::Role;
use self::sheet::Sheet;
use crate::gameday::problem::suggestion;

/// A theme for one colour depth.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Its name.
    pub name: String,
    styles: [Style; ROLES.len()],
    ground: Option<Style>,
    backdrop: Rgb,
}

/// Why a theme cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// The name is not known.
    #[error("there is no theme \"{0}\"; {mend}", mend = suggestion(.0, &NAMES))]
    Unknown(String),
    /// The text is no theme.
    #[error("theme cannot be read: {0}")]
    Invalid(String),
}

/// The themes inside the program.
pub const BUILT_IN: [(&str, &str); 6] = [
    ("dark", include_str!("../../themes/dark.yaml")),
    ("light", include_str!("../../themes/light.yaml")),
    ("high-contrast", include_str!("../../themes/high-contrast.yaml")),
    ("colour-blind", include_str!("../../themes/colour-blind.yaml")),
    ("colour-blind-light", include_str!("../../themes/colour-blind-light.yaml")),
    ("mono", include_str!("../../themes/mono.yaml")),
];

/// Their names.
pub const NAMES: [&str; BUILT_IN.len()] = {
    let mut names = [""; BUILT_IN.len()];
    let mut at = 0;
    while at < BUILT_IN.len() {
        names[at] = BUILT_IN[at].0;
        at += 1;
    }
    names
};

/// The themes inside the program, for those that build on them.
pub fn shelf() -> Vec<(String, String)> {
    BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

impl Theme {
    /// A built-in theme by its name.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn named(name: &str, depth: Depth) -> Result<Self, ThemeError> {
        let (_, text) = BUILT_IN
            .iter()
            .find(|(one, _)| *one == name)
            .ok_or_else(|| ThemeError::Unknown(name.to_owned()))?;
        let (sheet, problems) = read::read(name, text, &shelf());
        let wrong = || problems.first().map(ToString::to_string).unwrap_or_default();
        Ok(Self::of(&sheet.ok_or_else(|| ThemeError::Invalid(wrong()))?, depth))
    }

    /// A theme as a terminal of this depth shows it.
    pub fn of(sheet: &Sheet, depth: Depth) -> Self {
        let mut styles = [Style::new(); ROLES.len()];
        for (style, role) in styles.iter_mut().zip(ROLES) {
            *style = sheet.style(*role, depth);
        }
        let backdrop = sheet.backgrounds.first().copied().unwrap_or(Rgb(0, 0, 0));
        Self { name: sheet.name.clone(), styles, ground: sheet.ground(depth), backdrop }
    }

    /// How a role is shown.
    pub const fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// What is behind everything, where the theme does not leave that to the terminal.
    pub const fn ground(&self) -> Option<Style> {
        self.ground
    }

    /// The background that it is made for, whether it paints it itself or leaves it to the terminal.
    pub const fn backdrop(&self) -> Rgb {
        self.backdrop
    }
}
