//! The panes of the live screen as data: which there are, which one is in focus, alone or hidden, and the same as text
//! between runs. Not where they stand, and not the file.

use serde::{Deserialize, Serialize};

/// A part of the live screen that can be focused, zoomed and hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pane {
    /// Everything over time.
    Timeline,
    /// The promises.
    Slos,
    /// The injections.
    Faults,
    /// The target.
    Pods,
    /// What stands inside the target.
    Instruments,
    /// The incidents.
    Incidents,
    /// The log.
    Log,
}

/// Every pane, in the order of its tabs.
pub const PANES: [Pane; 7] = [
    Pane::Timeline,
    Pane::Slos,
    Pane::Faults,
    Pane::Pods,
    Pane::Instruments,
    Pane::Incidents,
    Pane::Log,
];

impl Pane {
    /// Its place among all, from 0.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The key of its name in the catalogues; some show another thing in a watch.
    pub const fn name_key(self, watch: bool) -> &'static str {
        match self {
            Self::Faults if watch => "pane-budgets",
            Self::Pods if watch => "pane-alerts",
            Self::Instruments if watch => "pane-panels",
            Self::Timeline => "pane-timeline",
            Self::Slos => "pane-slos",
            Self::Faults => "pane-faults",
            Self::Pods => "pane-pods",
            Self::Instruments => "pane-instruments",
            Self::Incidents => "pane-incidents",
            Self::Log => "pane-log",
        }
    }
}

/// Which pane is in focus, whether it has the screen to itself, and which are hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Panes {
    focus: Pane,
    zoomed: bool,
    hidden: Vec<Pane>,
    /// What this screen does not have; never written down.
    #[serde(skip)]
    barred: Option<Pane>,
}

impl Default for Panes {
    fn default() -> Self {
        Self { focus: Pane::Faults, zoomed: false, hidden: Vec::new(), barred: None }
    }
}

impl Panes {
    /// From the text that [`Panes::to_yaml`] gave.
    ///
    /// # Errors
    /// When it is no such text: why.
    pub fn from_yaml(text: &str) -> Result<Self, String> {
        let mut read: Self = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        read.hidden.sort_by_key(|pane| pane.index());
        read.hidden.dedup();
        if read.hidden.len() == PANES.len() {
            return Err("every pane is hidden".to_owned());
        }
        if read.is_hidden(read.focus) {
            read.step(1);
        }
        Ok(read)
    }

    /// As text, for the next run.
    ///
    /// # Errors
    /// When it cannot be written: why.
    pub fn to_yaml(&self) -> Result<String, String> {
        serde_yaml::to_string(self).map_err(|error| error.to_string())
    }

    /// The pane in focus.
    pub const fn focus(&self) -> Pane {
        self.focus
    }

    /// The pane that has the screen to itself.
    pub fn alone(&self) -> Option<Pane> {
        self.zoomed.then_some(self.focus)
    }

    /// Whether `pane` is hidden.
    pub fn is_hidden(&self, pane: Pane) -> bool {
        self.hidden.contains(&pane) || !self.has(pane)
    }

    /// The hidden ones.
    pub fn hidden(&self) -> &[Pane] {
        &self.hidden
    }

    /// The others, in the order of their tabs.
    pub fn shown(&self) -> impl Iterator<Item = Pane> + '_ {
        PANES.into_iter().filter(|pane| !self.is_hidden(*pane))
    }

    /// Moves the focus on, or back, by `by` among the shown ones.
    pub fn step(&mut self, by: isize) {
        let shown: Vec<Pane> = self.shown().collect();
        let count = shown.len().cast_signed().max(1);
        let at = match shown.iter().position(|pane| *pane == self.focus) {
            Some(at) => at.cast_signed() + by,
            // What was in focus is hidden: the next one after it.
            None => {
                shown.iter().filter(|pane| pane.index() < self.focus.index()).count().cast_signed()
            }
        };
        let at = at.rem_euclid(count).cast_unsigned();
        if let Some(pane) = shown.get(at) {
            self.focus = *pane;
        }
    }

    /// Focuses `pane`, shown again if it was hidden.
    pub fn focus_on(&mut self, pane: Pane) {
        if !self.has(pane) {
            return;
        }
        self.hidden.retain(|one| *one != pane);
        self.focus = pane;
    }

    /// Gives `pane` the screen to itself; once more: gives it back.
    pub fn show(&mut self, pane: Pane) {
        let again = self.alone() == Some(pane);
        self.focus_on(pane);
        self.zoomed = !again && self.has(pane);
    }

    /// Gives the one in focus the screen to itself, or gives it back.
    pub const fn zoom(&mut self) {
        self.zoomed = !self.zoomed;
    }

    /// All that are not hidden beside each other.
    pub const fn together(&mut self) {
        self.zoomed = false;
    }

    /// Hides the one in focus, unless it is the last; the focus moves on.
    pub fn hide(&mut self) {
        if self.shown().nth(1).is_some() {
            self.hidden.push(self.focus);
            self.hidden.sort_by_key(|pane| pane.index());
            self.zoomed = false;
            self.step(1);
        }
    }

    /// Hides none.
    pub fn show_all(&mut self) {
        self.hidden.clear();
        self.zoomed = false;
    }

    /// This screen has no such pane: it is as if it were hidden, for good.
    pub fn bar(&mut self, pane: Pane) {
        self.barred = Some(pane);
        self.hidden.retain(|one| *one != pane);
        if self.focus == pane {
            self.zoomed = false;
            self.step(1);
        }
    }

    /// Whether this screen has such a pane.
    pub fn has(&self, pane: Pane) -> bool {
        self.barred != Some(pane)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_focus_goes_round_among_what_is_shown() {
        let mut panes = Panes::default();
        assert_eq!(panes.focus(), Pane::Faults);
        panes.hide();
        assert_eq!(panes.focus(), Pane::Pods);
        panes.step(-1);
        assert_eq!(panes.focus(), Pane::Slos, "the hidden one is passed over");
        for _ in 0..6 {
            panes.step(1);
        }
        assert_eq!(panes.focus(), Pane::Slos);
        panes.step(-2);
        assert_eq!(panes.focus(), Pane::Log);
        panes.hide();
        assert_eq!(panes.focus(), Pane::Timeline);
        for _ in 0..9 {
            panes.hide();
        }
        assert_eq!(panes.shown().count(), 1, "the last one stays");
        panes.show(Pane::Faults);
        assert_eq!(panes.alone(), Some(Pane::Faults));
        panes.show(Pane::Faults);
        assert_eq!((panes.alone(), panes.focus()), (None, Pane::Faults));
        panes.show_all();
        assert_eq!(panes.shown().count(), 7);
    }

    #[test]
    fn the_choice_survives_as_text_and_a_broken_text_is_refused() {
        let mut panes = Panes::default();
        panes.hide();
        panes.show(Pane::Log);
        let text = panes.to_yaml().unwrap();
        assert_eq!(text, "focus: log\nzoomed: true\nhidden:\n- faults\n");
        assert_eq!(Panes::from_yaml(&text), Ok(panes));
        assert_eq!(Panes::from_yaml("{}"), Ok(Panes::default()));
        assert_eq!(Panes::from_yaml(""), Ok(Panes::default()), "nothing was chosen");
        let moved = Panes::from_yaml("focus: log\nhidden: [log]").unwrap();
        assert_eq!(moved.focus(), Pane::Timeline, "a hidden pane is not in focus");
        for broken in [
            "focus: lgo",
            "zoom: true",
            "[",
            "hidden: [timeline, slos, faults, pods, instruments, incidents, log]",
        ] {
            assert!(Panes::from_yaml(broken).is_err(), "{broken:?}");
        }
    }
}
