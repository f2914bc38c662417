//! A comparison on the screen: what is compared, which section of it is shown, and how far that is scrolled. Not the
//! comparing, and not its drawing.

pub mod act;
pub mod can;
pub mod section;

use std::fmt;
use std::sync::Arc;

use crate::report::compare::model::{ALIGNS, Align, Comparison, Lines};
use crate::report::compare::side::Side;
use crate::report::compare::{aligned, compare};
use section::{SECTIONS, Section};

/// What is compared, aligned in every way.
pub struct Compared {
    /// What it says.
    pub comparison: Comparison,
    /// What was measured over one time, aligned in each way.
    pub lines: [Lines; ALIGNS.len()],
}

impl Compared {
    /// Compares every exercise with the first.
    pub fn of(sides: &[Side]) -> Self {
        let lines = ALIGNS.map(|align| aligned(sides, align));
        Self { comparison: compare(sides, Align::default()), lines }
    }

    /// What was measured over one time.
    pub fn lines(&self, align: Align) -> &Lines {
        self.lines.iter().find(|lines| lines.align == align).unwrap_or(&self.comparison.chart)
    }
}

/// Thousands of figures say nothing about the screen.
impl fmt::Debug for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compared").finish_non_exhaustive()
    }
}

/// What a screen shows of a comparison.
#[derive(Clone, Debug)]
pub struct Compare {
    /// What is compared.
    pub of: Arc<Compared>,
    /// What of it is shown.
    pub section: Section,
    /// By what time is aligned.
    pub align: Align,
    /// How far each section is scrolled: lines left out above, in the section over time charts.
    pub tops: [usize; SECTIONS.len()],
    /// How far the section shown can be scrolled on this screen.
    pub most: usize,
}

impl Compare {
    /// Its beginning.
    pub const fn new(of: Arc<Compared>, align: Align) -> Self {
        let tops = [0; SECTIONS.len()];
        Self { of, section: Section::Overview, align, tops, most: usize::MAX }
    }

    /// How far the section shown is scrolled.
    pub fn top(&self) -> usize {
        self.tops.get(self.section.index()).copied().unwrap_or_default()
    }

    /// The way to align that comes next.
    pub fn next_align(&self) -> Align {
        let at = ALIGNS.iter().position(|one| *one == self.align).unwrap_or_default();
        ALIGNS.get((at + 1) % ALIGNS.len()).copied().unwrap_or_default()
    }

    /// Says how far the section shown can be scrolled. Called before each key and each drawing.
    pub fn settle(&mut self, most: usize) {
        self.most = most;
        self.scroll(0);
    }

    /// Scrolls the section shown, never beyond its ends.
    pub fn scroll(&mut self, by: isize) {
        if let Some(top) = self.tops.get_mut(self.section.index()) {
            *top = top.saturating_add_signed(by).min(self.most);
        }
    }
}
