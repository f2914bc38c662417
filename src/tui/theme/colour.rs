//! One colour at every depth: as given, as the nearest of 256, as the nearest of sixteen; and how far apart two are to
//! the eye. Not what it is for.

use ratatui::style::Color;

use super::depth::Depth;

/// A full colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// The sixteen colours by their names, as most terminals show them.
const ANSI: [(&str, Color, Rgb); 16] = [
    ("black", Color::Black, Rgb(0, 0, 0)),
    ("red", Color::Red, Rgb(205, 0, 0)),
    ("green", Color::Green, Rgb(0, 205, 0)),
    ("yellow", Color::Yellow, Rgb(205, 205, 0)),
    ("blue", Color::Blue, Rgb(0, 0, 238)),
    ("magenta", Color::Magenta, Rgb(205, 0, 205)),
    ("cyan", Color::Cyan, Rgb(0, 205, 205)),
    ("gray", Color::Gray, Rgb(229, 229, 229)),
    ("dark-gray", Color::DarkGray, Rgb(127, 127, 127)),
    ("light-red", Color::LightRed, Rgb(255, 0, 0)),
    ("light-green", Color::LightGreen, Rgb(0, 255, 0)),
    ("light-yellow", Color::LightYellow, Rgb(255, 255, 0)),
    ("light-blue", Color::LightBlue, Rgb(92, 92, 255)),
    ("light-magenta", Color::LightMagenta, Rgb(255, 0, 255)),
    ("light-cyan", Color::LightCyan, Rgb(0, 255, 255)),
    ("white", Color::White, Rgb(255, 255, 255)),
];

/// The steps of the 6×6×6 cube of the 256-colour palette.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Rgb {
    /// The colour written `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|one| one.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self(red, green, blue))
    }

    /// The nearest of the 240 colours of the 256-colour palette that are the same in every terminal.
    pub fn palette(self) -> (u8, Self) {
        let cube = (0..216_u8).map(|at| {
            let step = |index: u8| STEPS.get(usize::from(index)).copied().unwrap_or_default();
            (16 + at, Self(step(at / 36), step(at / 6 % 6), step(at % 6)))
        });
        let greys = (0..24_u8).map(|at| (232 + at, Self(8 + at * 10, 8 + at * 10, 8 + at * 10)));
        cube.chain(greys).min_by_key(|(_, one)| one.apart(self)).unwrap_or((16, Self(0, 0, 0)))
    }

    fn apart(self, other: Self) -> u32 {
        let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        square(self.0, other.0) + square(self.1, other.1) + square(self.2, other.2)
    }

    /// Red, green and blue as shares of light.
    pub fn linear(self) -> [f64; 3] {
        [self.0, self.1, self.2].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// `#rrggbb`, as themes write it.
    pub fn hex(self) -> String {
        let Self(red, green, blue) = self;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// What plain text is written in on this background, where a theme does not say.
    pub fn ink(self) -> Self {
        if self.contrast(Self(255, 255, 255)) > 4.5 {
            Self(214, 221, 230)
        } else {
            Self(28, 32, 40)
        }
    }

    /// The contrast to `other` by WCAG 2: from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let light = |one: Self| {
            let [red, green, blue] = one.linear();
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (one, other) = (light(self), light(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }
}

/// A colour of a theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// Whatever the terminal writes in.
    #[default]
    None,
    /// One of the sixteen, as this terminal shows it.
    Ansi(Color),
    /// A full colour, and what stands for it where there are sixteen.
    Full(Rgb, Color),
}

impl Ink {
    /// A full colour; where there are sixteen, the nearest of them.
    pub fn full(rgb: Rgb) -> Self {
        let nearest = ANSI.iter().min_by_key(|(.., one)| one.apart(rgb));
        Self::Full(rgb, nearest.map_or(Color::Reset, |(_, colour, _)| *colour))
    }

    /// What a theme file calls it: `none`, one of the sixteen by name, or `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "none" {
            return Some(Self::None);
        }
        ansi(text).map(Self::Ansi).or_else(|| Rgb::parse(text).map(Self::full))
    }

    /// The colour at a depth; `None`: the terminal's own.
    pub fn at(self, depth: Depth) -> Option<Color> {
        match (self, depth) {
            (Self::None, _) | (_, Depth::Mono) => None,
            (Self::Ansi(colour), _) | (Self::Full(_, colour), Depth::Sixteen) => Some(colour),
            (Self::Full(rgb, _), Depth::Palette) => Some(Color::Indexed(rgb.palette().0)),
            (Self::Full(Rgb(red, green, blue), _), Depth::True) => {
                Some(Color::Rgb(red, green, blue))
            }
        }
    }

    /// The full colour, where it is one.
    pub const fn rgb(self) -> Option<Rgb> {
        match self {
            Self::Full(rgb, _) => Some(rgb),
            Self::None | Self::Ansi(_) => None,
        }
    }
}

/// One of the sixteen colours by its name.
pub fn ansi(name: &str) -> Option<Color> {
    ANSI.iter().find(|(one, ..)| *one == name).map(|(_, colour, _)| *colour)
}

/// What most terminals show for a colour; `None`: the terminal's own.
pub fn shown(colour: Color) -> Option<Rgb> {
    match colour {
        Color::Reset => None,
        Color::Rgb(red, green, blue) => Some(Rgb(red, green, blue)),
        Color::Indexed(at @ 0..=15) => sixteen().nth(usize::from(at)),
        Color::Indexed(at @ 16..=231) => {
            let step = |index: u8| STEPS.get(usize::from(index)).copied().unwrap_or_default();
            let at = at - 16;
            Some(Rgb(step(at / 36), step(at / 6 % 6), step(at % 6)))
        }
        Color::Indexed(at) => {
            let grey = 8 + (at - 232) * 10;
            Some(Rgb(grey, grey, grey))
        }
        named => ANSI.iter().find(|(_, one, _)| *one == named).map(|(.., rgb)| *rgb),
    }
}

/// The sixteen colours as most terminals show them, in their order.
pub fn sixteen() -> impl Iterator<Item = Rgb> {
    ANSI.iter().map(|(.., rgb)| *rgb)
}

/// The names of the sixteen colours, and `none`.
pub fn names() -> impl Iterator<Item = &'static str> {
    ANSI.iter().map(|(name, ..)| *name).chain(["none"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_and_brought_to_every_depth() {
        let red = Ink::parse("#ff7b72").unwrap();
        assert_eq!(red.at(Depth::True), Some(Color::Rgb(0xff, 0x7b, 0x72)));
        assert_eq!(red.at(Depth::Palette), Some(Color::Indexed(209)));
        assert!(red.at(Depth::Sixteen).is_some());
        assert_eq!(red.at(Depth::Mono), None);
        assert_eq!(Ink::parse("light-cyan"), Some(Ink::Ansi(Color::LightCyan)));
        for wrong in ["", "#12345", "#1234567", "#12345g", "#+12345", "cyanide"] {
            assert_eq!(Ink::parse(wrong), None, "{wrong}");
        }
        assert_eq!(shown(Color::Indexed(209)), Some(Rgb(0xff, 0x87, 0x5f)));
        for at in 16..=255 {
            let rgb = shown(Color::Indexed(at)).unwrap();
            assert_eq!(rgb.palette().1, rgb, "{at}");
        }
        assert_eq!(shown(Color::Indexed(1)), shown(Color::Red));
        assert_eq!(shown(Color::Reset), None);
        // Greys are nearer in their own ramp than in the cube.
        assert_eq!(Rgb(0x94, 0x94, 0x94).palette(), (246, Rgb(0x94, 0x94, 0x94)));
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((Rgb(0, 0, 0).contrast(Rgb(255, 255, 255)) - 21.0).abs() < 1e-9);
        // A pair that is known to just miss 4.5.
        assert!((Rgb(0x77, 0x77, 0x77).contrast(Rgb(255, 255, 255)) - 4.48).abs() < 0.01);
    }
}
