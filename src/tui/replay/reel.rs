//! A recording that is played on a screen: which state it shows at an instant, and what comes of what is asked of it. No clock
//! of its own, no terminal, and nothing that could give an order.

mod learn;
mod still;

use std::sync::Arc;
use std::time::Duration;

use super::chosen::Chosen;
use super::player::Player;
use super::sought::with_notes;
use super::told::Told;
use super::{Replay, Wish, page};
use crate::exercise::judge::judge_all;
use crate::exercise::note::{self, Note};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{Stage, State};
use crate::gameday::span::Span;
use crate::lang::Message;
use crate::port::feed::FeedItem;
use crate::port::tape::{Tape, TapeError};
use crate::tui::action::ActionId as Id;
use crate::tui::intake::{anew, take};
use crate::tui::place::Place;
use crate::tui::ui::{Overlay, Ui};
use crate::tui::ways;

/// Keeps the notes; where it cannot, the reason.
pub type KeepNotes = dyn Fn(&[Note]) -> Result<(), String> + Send + Sync;

/// No toast stays longer: what is shown at a place depends on what happened so shortly before it.
const SHORTLY: Span = Span::from_secs(30);
/// So many events are gone through one by one, rather than beginning elsewhere.
const NEAR: u64 = 200;
/// So far the arrows go.
const FAR: Span = Span::from_secs(10);

/// A recording that is played.
pub struct Reel {
    tape: Box<dyn Tape>,
    player: Player,
    /// What the facilitator saw.
    state: State,
    ui: Ui,
    /// What participants saw.
    told: Told,
    turned: bool,
    /// How it ended.
    end: State,
    chosen: Chosen,
    /// The event after which the objectives were last judged.
    judged: Option<u64>,
    /// The event after which the pages were last made.
    learned: Option<u64>,
    /// How far participants have been shown it.
    shown_to: Span,
    keep: Arc<KeepNotes>,
}

impl Reel {
    /// A recording at its beginning, paused; `ui` is the screen for it, `notes` what was added to it before.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn new(
        mut tape: Box<dyn Tape>,
        mut ui: Ui,
        notes: Vec<Note>,
        keep: Arc<KeepNotes>,
    ) -> Result<Self, TapeError> {
        let state = tape.state(0)?;
        let end = tape.state(tape.last())?;
        let length = tape.stamp(tape.last()).elapsed;
        ui.place = Place::Replay;
        let page = ways::begin(&state);
        ui.replay = Some(Replay { page, ..Replay::new(tape.last(), length, tape.marks().into()) });
        let player = Player::new(length);
        let mut reel = Self {
            tape,
            player,
            state,
            ui,
            told: Told::new(),
            turned: false,
            end,
            chosen: Chosen::default(),
            judged: None,
            learned: None,
            shown_to: Span::ZERO,
            keep,
        };
        reel.set_notes(notes);
        Ok(reel)
    }

    /// What is shown now.
    pub fn shown(&self) -> (&State, &Ui) {
        match self.told.room() {
            Some(room) if self.turned => (&room.state, &room.ui),
            _ => (&self.state, &self.ui),
        }
    }

    /// The same, with the screen to be changed by keys.
    pub fn shown_mut(&mut self) -> (&State, &mut Ui) {
        match self.told.room_mut() {
            Some(room) if self.turned => (&room.state, &mut room.ui),
            _ => (&self.state, &mut self.ui),
        }
    }

    /// The facilitator's screen, whatever is shown.
    pub const fn whole(&self) -> &Ui {
        &self.ui
    }

    /// Lets time stand still.
    pub fn stop(&mut self, now: Duration) {
        self.player.pause(now);
        self.sync();
    }

    /// Where it is, as an instant of the exercise.
    pub fn now(&self) -> Stamp {
        let replay = self.ui.replay.as_ref();
        let (at, seq) = replay.map_or((Span::ZERO, 0), |replay| (replay.at, replay.seq));
        let last = self.tape.stamp(seq);
        let since = i64::try_from((at - last.elapsed).as_millis()).unwrap_or_default();
        Stamp::new(at.max(last.elapsed), last.wall + since)
    }

    /// Goes on to where it is at `now`; gives whether something happened.
    ///
    /// # Errors
    /// When the recording cannot be read.
    pub fn advance(&mut self, now: Duration) -> Result<bool, TapeError> {
        if !self.player.is_playing() {
            return Ok(false);
        }
        let at = self.player.at(now);
        let over = self.player.is_over(now);
        if over {
            self.player.pause(now);
        }
        let before = self.seq();
        self.go(self.tape.at(at).max(before), at)?;
        Ok(over || self.seq() != before)
    }

    /// How long until something happens by itself; `None`: nothing will.
    pub fn until_next(&self, now: Duration) -> Option<Duration> {
        let seq = self.seq();
        let next = self.tape.stamp((seq + 1).min(self.tape.last())).elapsed;
        let second = Span::from_secs(self.player.at(now).as_millis() / 1_000 + 1);
        let due = if seq < self.tape.last() { next.min(second) } else { second };
        self.player.until(due.min(self.player.length()), now)
    }

    fn seq(&self) -> u64 {
        self.ui.replay.as_ref().map_or(0, |replay| replay.seq)
    }

    /// Shows the state after event `seq` at the moment `at`.
    fn go(&mut self, seq: u64, at: Span) -> Result<(), TapeError> {
        let since = self.tape.at(at - SHORTLY).min(seq);
        if seq != self.state.seq || at < self.at() {
            self.fold_to(seq, since)?;
        }
        self.ui.toasts.pass(at);
        if let Some(replay) = &mut self.ui.replay {
            (replay.at, replay.seq) = (at, seq);
        }
        if self.turned {
            self.told.go(seq, since, &mut *self.tape, &self.ui)?;
        }
        self.sync();
        Ok(())
    }

    fn at(&self) -> Span {
        self.ui.replay.as_ref().map_or(Span::ZERO, |replay| replay.at)
    }

    /// Folds the facilitator's state to event `seq`, beginning no later than at event `since` where it begins anew.
    fn fold_to(&mut self, seq: u64, since: u64) -> Result<(), TapeError> {
        // What came of a lever was news then.
        let notice = self.ui.notice.take();
        let before = self.state.stage;
        if seq <= self.state.seq || seq - self.state.seq > NEAR {
            let by_hand = self.ui.selected != self.chosen.after(self.state.seq, &mut *self.tape)?;
            self.state = self.tape.state(since)?;
            anew(&self.state, &mut self.ui);
            if !by_hand {
                self.ui.selected = self.chosen.after(since, &mut *self.tape)?;
            }
        }
        while self.state.seq < seq {
            let Some(event) = self.tape.event(self.state.seq + 1)? else { break };
            let at = event.stamp.elapsed;
            self.ui.toasts.pass(at);
            take(FeedItem::Event(event), at, &mut self.state, &mut self.ui);
        }
        self.ui.notice = notice;
        if let Some(replay) = &mut self.ui.replay {
            replay.page = page::follow(before, &self.state, replay.page);
        }
        Ok(())
    }

    /// Brings what both screens show of the recording up to date.
    fn sync(&mut self) {
        let Some(own) = &mut self.ui.replay else { return };
        (own.playing, own.speed) = (self.player.is_playing(), self.player.speed());
        if self.turned
            && let Some(room) = self.told.room_mut()
            && let Some(theirs) = &mut room.ui.replay
        {
            (theirs.playing, theirs.speed) = (own.playing, own.speed);
            (theirs.at, theirs.seq, theirs.last) = (own.at, own.seq, own.seq);
            // Neither what is to come, nor what is the facilitator's.
            let past = own.marks.iter().filter(|mark| mark.seq <= own.seq && mark.told);
            theirs.marks = past.copied().collect();
            self.shown_to = self.shown_to.max(own.at);
            theirs.length = self.shown_to;
            theirs.notes = Arc::from([]);
        }
    }

    /// Judges the objectives where their verdicts are shown: called before each drawing.
    pub fn judge(&mut self) {
        let shown = matches!(self.ui.overlay, Some(Overlay::Objectives { .. }))
            || self.state.stage == Stage::Ended;
        if shown && self.judged != Some(self.state.seq) {
            self.ui.verdicts = judge_all(&self.state);
            self.judged = Some(self.state.seq);
        }
    }

    /// Shows what participants saw, or the whole again.
    ///
    /// # Errors
    /// When the recording cannot be read.
    pub fn turn(&mut self) -> Result<(), TapeError> {
        self.turned = !self.turned;
        self.go(self.seq(), self.at())
    }

    /// Does what is asked, at `now`.
    ///
    /// # Errors
    /// When the recording cannot be read.
    pub fn take(&mut self, wish: Wish, now: Duration) -> Result<(), TapeError> {
        let at = self.at();
        match wish {
            Wish::Do(id) => self.act(id, now)?,
            Wish::To(to) => self.seek(to, now)?,
            Wish::Exercise(to) => {
                let axis = crate::tui::axis::Axis::new(&self.end, self.end.now);
                self.seek(axis.elapsed_at(to).unwrap_or_default(), now)?;
            }
            Wish::When(when) => self.seek(when.resolve(at, &self.end), now)?,
            Wish::Find(text) => self.find(text, now)?,
            Wish::Note(note) => self.change_notes(|notes| note::put(notes, note), "says-noted"),
            Wish::Drop(seq) => {
                self.change_notes(
                    |notes| notes.retain(|note| note.seq != seq),
                    "says-note-dropped",
                );
            }
        }
        self.sync();
        Ok(())
    }

    fn act(&mut self, id: Id, now: Duration) -> Result<(), TapeError> {
        let (seq, at) = (self.seq(), self.at());
        match id {
            Id::Play if self.player.is_playing() => self.player.pause(now),
            Id::Play => {
                self.player.play(now);
                if self.player.at(now) < at {
                    self.go_to_event(0, now)?;
                }
            }
            Id::Faster => self.player.set_speed(self.player.speed() + 1, now),
            Id::Slower => self.player.set_speed(self.player.speed().saturating_sub(1), now),
            Id::SeekBack => self.seek(at - FAR, now)?,
            Id::SeekForward => self.seek(at + FAR, now)?,
            Id::SeekStart => self.go_to_event(0, now)?,
            Id::SeekEnd => self.seek(self.player.length(), now)?,
            Id::StepBack | Id::StepForward => {
                self.player.pause(now);
                let to = if id == Id::StepBack { seq.saturating_sub(1) } else { seq + 1 };
                self.go_to_event(to.min(self.tape.last()), now)?;
            }
            Id::Bookmark => {
                let note = Note { seq, text: String::new() };
                self.change_notes(|notes| note::put(notes, note), "says-bookmarked");
            }
            other => return self.beside(other, now),
        }
        Ok(())
    }

    /// Goes to what comes next of something, or what came before.
    fn beside(&mut self, id: Id, now: Duration) -> Result<(), TapeError> {
        let (_, ui) = self.shown();
        let Some(replay) = &ui.replay else { return Ok(()) };
        let to = match id {
            Id::NextMark(kind) => replay.mark(kind, true),
            Id::PreviousMark(kind) => replay.mark(kind, false),
            Id::NextNote => replay.beside_note(true),
            Id::PreviousNote => replay.beside_note(false),
            Id::NextFound => replay.beside_found(true),
            Id::PreviousFound => replay.beside_found(false),
            _ => return Ok(()),
        };
        match to {
            Some(seq) => self.go_to_event(seq, now),
            None => {
                self.shown_mut().1.complain(Message::plain("says-none-further"));
                Ok(())
            }
        }
    }

    fn go_to_event(&mut self, seq: u64, now: Duration) -> Result<(), TapeError> {
        let at = self.tape.stamp(seq).elapsed;
        self.player.seek(at, now);
        self.go(seq, at)
    }

    fn seek(&mut self, to: Span, now: Duration) -> Result<(), TapeError> {
        let to = to.min(self.player.length());
        self.player.seek(to, now);
        self.go(self.tape.at(to), to)
    }

    fn find(&mut self, text: String, now: Duration) -> Result<(), TapeError> {
        let found: Arc<[u64]> = match self.told.room() {
            // They know their log by other numbers, and no further than they have been shown.
            Some(room) if self.turned => {
                let their: Vec<_> = super::sought::sought(&room.state, &text);
                let entries = room.state.log.iter().filter(|entry| their.contains(&entry.seq));
                entries.map(|entry| self.tape.at(entry.recorded.elapsed)).collect()
            }
            _ => {
                let notes = self.ui.replay.iter().flat_map(|replay| replay.notes.iter());
                with_notes(&self.end, notes.map(|(_, note)| note), &text)
            }
        };
        let seq = self.seq();
        let nearest = found.iter().copied().find(|one| *one >= seq).or(found.last().copied());
        let count = found.len();
        let (_, ui) = self.shown_mut();
        let Some(replay) = &mut ui.replay else { return Ok(()) };
        (replay.sought, replay.found) = (text.clone(), found);
        match nearest {
            Some(seq) => {
                let says = Message::plain("says-found").with("text", text);
                ui.say(says.counting("count", count));
                self.go_to_event(seq, now)
            }
            None => {
                ui.complain(Message::plain("says-not-found").with("text", text));
                Ok(())
            }
        }
    }

    /// Changes the notes and keeps them; where they cannot be kept, nothing changes.
    fn change_notes(&mut self, change: impl FnOnce(&mut Vec<Note>), says: &'static str) {
        let Some(replay) = &self.ui.replay else { return };
        let mut notes = replay.plain_notes();
        change(&mut notes);
        match (self.keep)(&notes) {
            Ok(()) => {
                self.set_notes(notes);
                self.ui.say(Message::plain(says));
            }
            Err(why) => self.ui.complain(Message::plain("says-not-noted").with("why", why)),
        }
    }

    fn set_notes(&mut self, notes: Vec<Note>) {
        let timed = notes.into_iter().map(|note| (self.tape.stamp(note.seq).elapsed, note));
        let timed = timed.collect();
        if let Some(replay) = &mut self.ui.replay {
            replay.notes = timed;
        }
    }
}
