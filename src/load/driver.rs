//! The driver task: wakes when something is due and takes orders in between. Sends nothing itself.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::alarm::Alarm;
use super::desk::Desk;
use crate::gameday::load::RateCurve;

/// What a run is told from outside.
#[derive(Clone, Copy, Debug)]
pub enum Control {
    /// Follow a curve, handed over at this instant.
    Follow(RateCurve, Duration),
    /// Send nothing more.
    Stop,
}

/// Drives a run to its end: stopped, and nothing under way any more.
///
/// # Errors
/// When the alarm fails; the run has ended then, too.
pub async fn drive(
    desk: Rc<Desk>,
    mut control: mpsc::UnboundedReceiver<Control>,
    mut alarm: Alarm,
) -> io::Result<()> {
    let mut listening = true;
    loop {
        desk.advance(desk.now());
        if desk.finished() {
            desk.finish(desk.now());
            return Ok(());
        }
        alarm.set(desk.next_wake().saturating_sub(desk.now()))?;
        tokio::select! {
            rung = alarm.ring() => rung?,
            word = control.recv(), if listening => match word {
                Some(Control::Follow(curve, at)) => desk.follow(curve, at),
                // Who gave the orders is gone: that ends the run as well.
                Some(Control::Stop) | None => {
                    listening = false;
                    desk.stop(desk.now());
                }
            },
            () = desk.drained.notified() => {}
        }
    }
}
