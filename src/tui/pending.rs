//! A line that was handed over, and what of it is not yet seen to have happened. Not the handing over.

use std::collections::VecDeque;

use crate::exercise::answered::answers;
use crate::exercise::command::Command;
use crate::exercise::event::Event;
use crate::exercise::log_line::write;

/// One such line.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// As it was typed.
    line: String,
    /// How many commands it gave.
    gave: usize,
    /// What must still happen, in this order.
    left: VecDeque<Command>,
}

impl Pending {
    /// Of a line that gave these commands.
    pub fn new(line: &str, commands: Vec<Command>) -> Self {
        Self { line: line.to_owned(), gave: commands.len(), left: commands.into() }
    }

    /// What must still happen.
    pub fn left(&self) -> impl Iterator<Item = &Command> {
        self.left.iter()
    }

    /// Takes an event; gives whether it is the next that must happen.
    pub fn happened(&mut self, event: &Event) -> bool {
        let next = self.left.front().is_some_and(|first| answers(first, event));
        if next {
            self.left.pop_front();
        }
        next
    }

    /// What would have to be typed for what is left.
    pub fn lines(&self) -> Vec<String> {
        let left: Option<Vec<_>> = self.left.iter().map(write).collect();
        left.filter(|_| self.left.len() < self.gave).unwrap_or_else(|| vec![self.line.clone()])
    }
}
