//! What the pages of a recording need besides its state: what the debrief learns from it, and what earlier exercises taught. Not
//! the drawing, and nothing that could be written down there.

use super::Reel;
use crate::exercise::judge::judge_all;
use crate::lang::Lang;
use crate::report::earlier::Exercise;
use crate::tui::place::Place;

impl Reel {
    /// Learns from the place that is shown, in a language, as far as its page needs it: called before each drawing.
    pub fn learn(&mut self, lang: &Lang) {
        if self.learned == Some(self.state.seq) {
            return;
        }
        match self.ui.page() {
            Place::Debrief | Place::Report => {
                self.ui.verdicts = judge_all(&self.state);
                self.ui.learnt.learn(&self.state, lang);
                self.ui.learnt.propose(&self.state, lang);
            }
            Place::Briefing => self.ui.learnt.look_back(&self.state),
            Place::Live | Place::Launcher | Place::Compare | Place::Replay => return,
        }
        self.learned = Some(self.state.seq);
    }

    /// Takes what exercises before this one taught, and what of them could not be read.
    pub fn remember(&mut self, mut earlier: Vec<Exercise>, problems: Vec<String>) {
        // What came after it was not known then.
        earlier.retain(|one| one.began < self.state.header.began);
        self.ui.learnt.remember(earlier, problems, &self.state);
    }
}
