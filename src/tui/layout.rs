//! Where each part of the screen goes, for any size. Not what stands there.

use ratatui::layout::{Constraint, Layout, Rect};

/// The least width that everything can be read in.
pub const LEAST_WIDTH: u16 = 60;
/// The least height.
pub const LEAST_HEIGHT: u16 = 16;

/// Where each part goes; a part without room has height zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// State, clocks, phase, what comes next.
    pub header: Rect,
    /// Phases, load, faults over time.
    pub timeline: Rect,
    /// The promises.
    pub slos: Rect,
    /// The injections.
    pub faults: Rect,
    /// The target.
    pub pods: Rect,
    /// The instruments.
    pub instruments: Rect,
    /// The incidents.
    pub incidents: Rect,
    /// The log.
    pub log: Rect,
    /// The line being typed.
    pub input: Rect,
    /// What the line will do; notices.
    pub hint: Rect,
    /// The keys that work now.
    pub footer: Rect,
    /// The result, once there is one; else of height zero.
    pub result: Rect,
    /// Whether panels are boxed.
    pub boxed: bool,
}

/// So wide a screen has room for the instruments beside everything else.
const WIDE: u16 = 160;

/// The areas of a screen; `None`: too small. `draft` is how many lines are being typed, `ended` whether the result
/// is to be shown in place of what is no longer needed, `typing` whether the log matters more where both do not fit,
/// `instruments` whether they are asked for where they do not fit beside everything else.
pub fn areas(
    screen: Rect,
    draft: usize,
    ended: bool,
    typing: bool,
    instruments: bool,
) -> Option<Areas> {
    if screen.width < LEAST_WIDTH || screen.height < LEAST_HEIGHT {
        return None;
    }
    let boxed = screen.width >= 110 && screen.height >= 34;
    let most = match screen.height {
        0..=18 => 1,
        19..=22 => 2,
        _ => 4,
    };
    let typed = u16::try_from(draft).unwrap_or(u16::MAX).clamp(1, most);
    let (timeline, middle, lower) = heights(screen.height, boxed);
    let hint = u16::from(screen.height >= 18);
    let [header, timeline, middle, rest, input, hint, footer] = screen.layout(&Layout::vertical([
        Constraint::Length(3),
        Constraint::Length(timeline),
        Constraint::Length(middle),
        Constraint::Min(2),
        Constraint::Length(typed),
        Constraint::Length(hint),
        Constraint::Length(1),
    ]));
    let gap = u16::from(!boxed);
    let split = |area: Rect, left: u16, right: u16| -> [Rect; 2] {
        area.layout(
            &Layout::horizontal([Constraint::Fill(left), Constraint::Fill(right)]).spacing(gap),
        )
    };
    let [slos, faults] = split(middle, 1, 1);
    let base =
        Areas { header, timeline, slos, faults, input, hint, footer, boxed, ..Areas::default() };
    if boxed {
        if screen.width >= WIDE {
            return Some(wide(rest, ended, base));
        }
        let [left, right] = split(rest, 2, 3);
        if instruments {
            let base = Areas { instruments: left, ..base };
            return Some(if ended {
                Areas { result: right, ..base }
            } else {
                Areas { log: right, ..base }
            });
        }
        if ended {
            return Some(Areas { result: right, log: left, ..base });
        }
        let [incidents, pods] =
            left.layout(&Layout::vertical([Constraint::Fill(2), Constraint::Fill(3)]));
        return Some(Areas { incidents, pods, log: right, ..base });
    }
    if instruments && !typing {
        return Some(Areas { instruments: rest, ..base });
    }
    if ended {
        return Some(if typing {
            Areas { log: rest, ..base }
        } else {
            Areas { result: rest, ..base }
        });
    }
    let lower = if rest.height < lower + 3 { 0 } else { lower };
    let [upper, log] =
        rest.layout(&Layout::vertical([Constraint::Length(lower), Constraint::Min(2)]));
    let [incidents, pods] = split(upper, 1, 1);
    Some(Areas { incidents, pods, log, ..base })
}

/// What is below the middle where there is room for the instruments.
fn wide(rest: Rect, ended: bool, base: Areas) -> Areas {
    let [left, instruments, right] = rest.layout(&Layout::horizontal([
        Constraint::Fill(3),
        Constraint::Fill(3),
        Constraint::Fill(4),
    ]));
    if ended {
        return Areas { log: left, instruments, result: right, ..base };
    }
    let [incidents, pods] =
        left.layout(&Layout::vertical([Constraint::Fill(2), Constraint::Fill(3)]));
    Areas { incidents, pods, instruments, log: right, ..base }
}

/// Heights of the timeline, of SLOs and faults, and of incidents and pods.
fn heights(screen: u16, boxed: bool) -> (u16, u16, u16) {
    if boxed {
        let timeline = (screen / 4).clamp(9, 14);
        let middle = ((screen - 6 - timeline) * 9 / 20).clamp(9, 18);
        return (timeline, middle, 0);
    }
    match screen {
        0..=18 => (4, 3, 0),
        19..=22 => (5, 4, 0),
        23..=27 => (6, 5, 3),
        _ => (7, 6, 5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_overlaps_and_nothing_leaves_the_screen() {
        for (width, height) in
            [(60, 16), (80, 24), (100, 30), (120, 40), (160, 45), (200, 60), (300, 90)]
        {
            for draft in [1, 3, 9] {
                for (ended, typing) in [(false, true), (true, false), (true, true)] {
                    let screen = Rect::new(0, 0, width, height);
                    let areas = areas(screen, draft, ended, typing, false).unwrap();
                    let all = [
                        areas.header,
                        areas.timeline,
                        areas.slos,
                        areas.faults,
                        areas.pods,
                        areas.incidents,
                        areas.instruments,
                        areas.log,
                        areas.input,
                        areas.hint,
                        areas.footer,
                        areas.result,
                    ];
                    let shown: Vec<_> = all.iter().filter(|area| !area.is_empty()).collect();
                    for (index, area) in shown.iter().enumerate() {
                        assert_eq!(screen.intersection(**area), **area);
                        for other in &shown[index + 1..] {
                            assert!(
                                !area.intersects(**other),
                                "{width}x{height}: {area:?} {other:?}"
                            );
                        }
                    }
                    assert!(areas.timeline.height >= 4 && areas.slos.height >= 3);
                    let result = ended && (areas.boxed || !typing);
                    assert_eq!(areas.result.height >= 3, result, "{width}x{height}");
                    assert_eq!(areas.log.height >= 2, areas.boxed || !result);
                }
            }
        }
        assert_eq!(areas(Rect::new(0, 0, 59, 40), 1, false, false, false), None);
        assert_eq!(areas(Rect::new(0, 0, 80, 15), 1, false, false, false), None);
    }
}
