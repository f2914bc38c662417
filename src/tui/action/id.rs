//! The actions by name, for those who only tell them apart. Not what they are: see the list.

use crate::exercise::mark::MarkKind;
use crate::tui::compare::section::Section;
use crate::tui::draft::Edit;
use crate::tui::pane::Pane;

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionId {
    /// Type into the log.
    Type,
    /// Stop the exercise clock, or let it go on.
    Hold,
    /// End the phase.
    SkipPhase,
    /// Give the phase more time.
    Extend,
    /// Select the next injection.
    SelectNext,
    /// Select the one before.
    SelectPrevious,
    /// Start the selected injection now.
    Inject,
    /// Delay the selected injection.
    Delay,
    /// Take the selected injection out.
    Cancel,
    /// Undo the selected injection.
    Revert,
    /// Ten percent more load.
    LoadUp,
    /// Ten percent less.
    LoadDown,
    /// Set the load.
    LoadSet,
    /// Give the load back to the plan.
    LoadPlan,
    /// Emergency stop.
    Halt,
    /// Release it.
    Release,
    /// End the briefing; in spite of a no-go with a reason.
    Go,
    /// Let the briefing wait.
    HoldBriefing,
    /// Silence the alerts that are offered to be, or lift that.
    Silence,
    /// The next place on the way.
    Forward,
    /// The place before.
    Back,
    /// A line down, or the next one.
    Down,
    /// A line up, or the one before.
    Up,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// The next part of the debrief.
    NextPart,
    /// The part before.
    PreviousPart,
    /// The selected objective is met, or the selected fault went as expected.
    Met,
    /// It is not.
    NotMet,
    /// Write a lesson.
    Lesson,
    /// Take a proposal over as it is.
    Adopt,
    /// Take it over in other words, or write an improvement anew.
    Amend,
    /// Set a proposal aside, or drop an improvement.
    Aside,
    /// Write something new in the part of the debrief that is shown.
    Add,
    /// Choose a category, or what is behind an incident.
    Classify,
    /// Say who does it.
    Owner,
    /// Say until when.
    Due,
    /// Pick what it rests on.
    Evidence,
    /// What an earlier exercise taught is done, or open again.
    Settle,
    /// Take what is picked.
    Pick,
    /// Mark one of the list, or take the mark away.
    Mark,
    /// Leave the list.
    ClosePicking,
    /// Run the chosen game day, or show the chosen recording's report.
    Launch,
    /// Show what the chosen game day would do.
    Plan,
    /// Show the report.
    Report,
    /// Mark the chosen recording to be compared, or take the mark away.
    MarkRecording,
    /// Compare the marked recordings.
    Compare,
    /// Choose by typing.
    Filter,
    /// Forget what was typed to choose.
    ClearFilter,
    /// The same, and stop typing it.
    LeaveFilter,
    /// Show and score objectives.
    Objectives,
    /// Scroll the log back.
    LogBack,
    /// Scroll it forward.
    LogForward,
    /// Find an action by its name, or pull a lever.
    Palette,
    /// Focus the next pane.
    FocusNext,
    /// Focus the one before.
    FocusPrevious,
    /// Give the pane in focus the screen to itself, or give it back.
    Zoom,
    /// All panes beside each other.
    Together,
    /// Give this pane the screen to itself.
    Show(Pane),
    /// Hide the pane in focus.
    Hide,
    /// Hide none.
    ShowAll,
    /// Show less of the timeline, larger.
    TimelineIn,
    /// Show more of it.
    TimelineOut,
    /// Show what was before.
    TimelineLeft,
    /// Show what comes after.
    TimelineRight,
    /// Go along with the present.
    TimelineNow,
    /// Show what participants see, or the whole again.
    Participants,
    /// Close what went wrong lately.
    Dismiss,
    /// Copy a line to the clipboard.
    Copy,
    /// Choose a theme.
    Themes,
    /// Keep the chosen theme.
    KeepTheme,
    /// Show every key.
    Help,
    /// Stop the program, and come back later.
    Suspend,
    /// End the exercise, or leave when it has ended.
    Quit,
    /// Leave a watch open, to be taken up again.
    LeaveWatch,
    /// Hand over what is typed into the log.
    Write,
    /// Type for the next team.
    NextTeam,
    /// Type for the team before.
    PreviousTeam,
    /// Leave the log's line.
    StopWriting,
    /// Take the chosen candidate into the line.
    TakeOffer,
    /// Choose the next candidate.
    OfferDown,
    /// Choose the candidate before.
    OfferUp,
    /// Close the list of candidates.
    CloseOffers,
    /// Change what is typed.
    Edit(Edit),
    /// Do what the palette offers first, or what was chosen in it.
    Choose,
    /// Complete the word in the palette.
    Complete,
    /// Choose the next line of the palette.
    ChoiceDown,
    /// Choose the line before.
    ChoiceUp,
    /// Leave the palette.
    ClosePalette,
    /// One line further in what lies over the screen.
    OverlayDown,
    /// One line back.
    OverlayUp,
    /// A page further.
    OverlayPageDown,
    /// A page back.
    OverlayPageUp,
    /// Close what lies over the screen.
    Close,
    /// Score the chosen objective as met.
    ScoreMet,
    /// Score it as not met.
    ScoreNotMet,
    /// Yes, or take the answer.
    Confirm,
    /// No, or give no answer.
    Decline,
    /// Halt indeed.
    ConfirmHalt,
    /// Do not halt.
    DeclineHalt,
    /// Show the incidents, and what asks for one.
    Incidents,
    /// Open an incident from what asks for one.
    OpenSuggested,
    /// What asks for an incident needs none.
    SetAside,
    /// Say what is behind an incident.
    Link,
    /// Show the score board.
    Board,
    /// Show the teams how they stand, or no more.
    ShowBoard,
    /// The next kind of times.
    NextKind,
    /// Show the teams to the left.
    TeamsLeft,
    /// Show the teams to the right.
    TeamsRight,
    /// Show the deck and the hints.
    Deck,
    /// Draw the chosen card, or give the next hint.
    Give,
    /// A card was seen.
    SeenCard,
    /// Show people, teams and roles.
    Crew,
    /// Give the chosen role to somebody, or the chosen person a team.
    Assign,
    /// One more person.
    AddPerson,
    /// One more team.
    AddTeam,
    /// Take what is chosen.
    Take,
    /// Something real happened.
    DeclareReal,
    /// Indeed.
    ConfirmReal,
    /// Play a recording, or pause it.
    Play,
    /// Play it faster.
    Faster,
    /// Play it slower.
    Slower,
    /// Go to the event before.
    StepBack,
    /// Go to the next event.
    StepForward,
    /// Go ten seconds back.
    SeekBack,
    /// Go ten seconds ahead.
    SeekForward,
    /// Go to its beginning.
    SeekStart,
    /// Go to its end.
    SeekEnd,
    /// Go to a time that is typed.
    SeekTo,
    /// Go to the next of something.
    NextMark(MarkKind),
    /// Go to the one before.
    PreviousMark(MarkKind),
    /// Look for something in the log.
    Find,
    /// Go to the next line that has it.
    NextFound,
    /// Go to the line before.
    PreviousFound,
    /// Mark the place without a word.
    Bookmark,
    /// Write a note at the place, or change the one that is there.
    Annotate,
    /// Take the note at the place away.
    DropNote,
    /// Go to the next note.
    NextNote,
    /// Go to the note before.
    PreviousNote,
    /// Show the next section of a comparison.
    NextSection,
    /// Show the section before.
    PreviousSection,
    /// Show this section.
    Section(Section),
    /// Align what is compared by something else.
    Align,
    /// Leave the comparison.
    LeaveComparison,
    /// Write a status update.
    Update,
    /// Pin this moment.
    Pin,
    /// Show the moments that were pinned.
    Moments,
    /// Go to the chosen one.
    GoToMoment,
    /// Show the handover.
    Handover,
    /// Copy it.
    CopyHandover,
    /// Write it into a file.
    KeepHandover,
}
