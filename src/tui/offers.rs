//! Candidates for a word that is being typed, and which of them is chosen. Not the finding of them.

/// What is said of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A text of the catalogues.
    Key(&'static str),
    /// A text from elsewhere.
    Text(String),
    /// Nothing.
    Nothing,
}

/// One candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is put into the line.
    pub word: String,
    /// What is said of it.
    pub about: About,
}

/// The candidates for the word at the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    list: Vec<Offer>,
    chosen: usize,
    /// So many characters before the cursor are replaced.
    typed: usize,
    /// The person closed the list; it stays so until there is nothing to offer.
    closed: bool,
}

impl Offers {
    /// The candidates, the foremost first.
    pub fn list(&self) -> &[Offer] {
        &self.list
    }

    /// The chosen one.
    pub const fn chosen(&self) -> usize {
        self.chosen
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Takes them away.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes them away until another word is typed.
    pub fn close(&mut self) {
        *self = Self { closed: true, ..Self::default() };
    }

    /// Chooses the one `by` further, around the ends.
    pub fn go(&mut self, by: isize) {
        let count = self.list.len();
        if count > 0 {
            self.chosen = (self.chosen + count).saturating_add_signed(by) % count;
        }
    }

    /// Other candidates, which stand for so many characters before the cursor.
    pub fn renew(&mut self, typed: usize, list: Vec<Offer>) {
        let closed = self.closed && !list.is_empty();
        let list = if closed { Vec::new() } else { list };
        *self = Self { list, typed, chosen: 0, closed };
    }

    /// The chosen one, and how many characters it stands for.
    pub fn choice(&self) -> Option<(usize, String)> {
        Some((self.typed, self.list.get(self.chosen)?.word.clone()))
    }

    /// Chooses one.
    pub fn choose(&mut self, index: usize) {
        self.chosen = index.min(self.list.len().saturating_sub(1));
    }
}
