//! The screen: a pure part (views of the state) and a thin shell (loop, terminal, input).

pub mod action;
pub mod answer;
pub mod axis;
pub mod dialog;
pub mod draft;
pub mod intake;
pub mod key;
pub mod keymap;
pub mod layout;
pub mod pace;
pub mod palette;
pub mod possible;
pub mod question;
pub mod scene;
pub mod shell;
pub mod suspend;
pub mod text;
pub mod theme;
pub mod totals;
pub mod typing;
pub mod ui;
pub mod update;
pub mod view;
pub mod widget;
pub mod words;
