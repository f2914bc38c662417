//! What the metrics of a server offer, to be chosen from before a watch begins: taken or not, with a limit, in other words.
//! Pure: keys in, changes out. Not where the offers come from, and not the watch.

use super::draft::Draft;
use super::key::{Code, Key};
use crate::gameday::measure::parse::parse_trigger;
use crate::gameday::unit::Unit;

/// A panel that is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// What people call it, and where it is from.
    pub title: String,
    /// What is asked.
    pub query: String,
    /// The unit of what comes.
    pub unit: Unit,
    /// Not below.
    pub min: Option<f64>,
    /// Not above.
    pub max: Option<f64>,
    /// Whether it is watched.
    pub taken: bool,
}

impl Offered {
    /// Its limit as people write it; empty: none.
    pub fn limit(&self) -> String {
        match (self.min, self.max) {
            (Some(min), _) => format!(">= {}", self.unit.show(min)),
            (None, Some(max)) => format!("<= {}", self.unit.show(max)),
            (None, None) => String::new(),
        }
    }
}

/// What is being typed.
#[derive(Debug)]
pub enum Typing {
    /// A limit for the chosen panel.
    Limit(Draft),
    /// Another query for it.
    Query(Draft),
    /// The name of a file for all of them.
    Save(Draft),
}

impl Typing {
    /// The text.
    pub const fn draft(&self) -> &Draft {
        match self {
            Self::Limit(draft) | Self::Query(draft) | Self::Save(draft) => draft,
        }
    }

    const fn draft_mut(&mut self) -> &mut Draft {
        match self {
            Self::Limit(draft) | Self::Query(draft) | Self::Save(draft) => draft,
        }
    }
}

/// What a key came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Went {
    /// It goes on.
    On,
    /// What is taken is to be watched.
    Accepted,
    /// Nothing is.
    Left,
    /// What is taken is to be written to this file.
    Save(String),
}

/// The offers before the person.
#[derive(Debug)]
pub struct Offering {
    /// Where they are from.
    pub place: String,
    /// All of them.
    pub rows: Vec<Offered>,
    /// The chosen one.
    pub chosen: usize,
    /// What is being typed.
    pub typing: Option<Typing>,
    /// What there is to say about the last key, and whether it went wrong.
    pub said: Option<(String, bool)>,
}

impl Offering {
    /// Before the first key.
    pub const fn new(place: String, rows: Vec<Offered>) -> Self {
        Self { place, rows, chosen: 0, typing: None, said: None }
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.rows.iter().filter(|one| one.taken).count()
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key) -> Went {
        if self.typing.is_some() {
            return self.type_in(key);
        }
        self.said = None;
        let last = self.rows.len().saturating_sub(1);
        match key.code {
            Code::Char('c') if key.ctrl => return Went::Left,
            _ if key.ctrl || key.alt => {}
            Code::Up | Code::Char('k') => self.chosen = self.chosen.saturating_sub(1),
            Code::Down | Code::Char('j') => self.chosen = (self.chosen + 1).min(last),
            Code::Home => self.chosen = 0,
            Code::End => self.chosen = last,
            Code::Char(' ') => {
                if let Some(one) = self.rows.get_mut(self.chosen) {
                    one.taken = !one.taken;
                }
            }
            Code::Char('a') => {
                let all = self.rows.iter().all(|one| one.taken);
                self.rows.iter_mut().for_each(|one| one.taken = !all);
            }
            Code::Char('l') => self.begin(|one| Typing::Limit(draft(&one.limit()))),
            Code::Char('e') => self.begin(|one| Typing::Query(draft(&one.query))),
            Code::Char('s') => self.begin(|_| Typing::Save(draft("watch.yaml"))),
            Code::Enter if self.taken() > 0 => return Went::Accepted,
            Code::Enter => self.complain("offering-none".to_owned()),
            Code::Esc | Code::Char('q') => return Went::Left,
            _ => {}
        }
        Went::On
    }

    /// Text that was pasted.
    pub fn paste(&mut self, text: &str) {
        if let Some(typing) = &mut self.typing {
            typing.draft_mut().paste(&text.replace(['\n', '\r'], " "));
        }
    }

    fn begin(&mut self, how: impl Fn(&Offered) -> Typing) {
        self.typing = self.rows.get(self.chosen).map(how);
    }

    fn complain(&mut self, why: String) {
        self.said = Some((why, true));
    }

    fn type_in(&mut self, key: Key) -> Went {
        match key.code {
            Code::Esc => self.typing = None,
            Code::Char('c') if key.ctrl => self.typing = None,
            Code::Enter => return self.written(),
            _ => {
                if let Some(typing) = &mut self.typing {
                    typing.draft_mut().press(key);
                }
            }
        }
        Went::On
    }

    /// Takes what was typed, unless it cannot be; then it stays.
    fn written(&mut self) -> Went {
        let Some(typing) = self.typing.take() else { return Went::On };
        let text = typing.draft().joined();
        match &typing {
            Typing::Save(_) if !text.is_empty() => return Went::Save(text),
            Typing::Save(_) => {}
            Typing::Query(_) => {
                if let Some(one) = self.rows.get_mut(self.chosen).filter(|_| !text.is_empty()) {
                    (one.query, one.taken) = (text, true);
                }
            }
            Typing::Limit(_) => {
                let Some(one) = self.rows.get_mut(self.chosen) else { return Went::On };
                match limit(&text, one.unit) {
                    Ok((min, max)) => {
                        (one.min, one.max) = (min, max);
                        one.taken = true;
                    }
                    Err(why) => {
                        self.complain(why);
                        self.typing = Some(typing);
                    }
                }
            }
        }
        Went::On
    }
}

fn draft(text: &str) -> Draft {
    let mut draft = Draft::new();
    draft.paste(text);
    draft
}

/// A limit as it is typed, from below and from above; nothing: none.
///
/// # Errors
/// Why it is none, for people.
pub fn limit(text: &str, unit: Unit) -> Result<(Option<f64>, Option<f64>), String> {
    if text.trim().is_empty() {
        return Ok((None, None));
    }
    // A rule is read about a metric of the same unit.
    let stands_in = match unit {
        Unit::Share => "availability",
        Unit::Millis => "latency_p99",
        Unit::PerSecond => "throughput",
        Unit::Count => "failures",
    };
    let rule = parse_trigger(&format!("{stands_in} {text}")).map_err(|error| error.to_string())?;
    rule.bounds().map_err(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offering() -> Offering {
        let row = |title: &str, unit, taken| Offered {
            title: title.to_owned(),
            query: format!("sum({title})"),
            unit,
            min: None,
            max: None,
            taken,
        };
        let rows = vec![
            row("availability", Unit::Share, true),
            row("latency", Unit::Millis, true),
            row("cpu", Unit::Share, false),
        ];
        Offering::new("http://prometheus:9090".to_owned(), rows)
    }

    fn typed(offering: &mut Offering, keys: &str) -> Went {
        let mut went = Went::On;
        for one in keys.chars() {
            let key = match one {
                '\n' => Key::plain(Code::Enter),
                '\u{8}' => Key::plain(Code::Backspace),
                '\u{1b}' => Key::plain(Code::Esc),
                other => Key::char(other),
            };
            went = offering.press(key);
        }
        went
    }

    #[test]
    fn offers_are_taken_limited_changed_and_accepted() {
        let mut offering = offering();
        assert_eq!(typed(&mut offering, "l>= 99.9%\n"), Went::On);
        assert_eq!(offering.rows[0].min, Some(0.999));
        assert_eq!(offering.rows[0].limit(), ">= 99.9%");
        typed(&mut offering, "jl<= 300ms\n");
        assert_eq!(offering.rows[1].max, Some(300.0));
        typed(&mut offering, "j l<= 80%\n");
        assert!(offering.rows[2].taken && offering.rows[2].max == Some(0.8));
        typed(&mut offering, "e) / 2\n");
        assert_eq!(offering.rows[2].query, "sum(cpu)) / 2");
        assert_eq!(offering.taken(), 3);
        assert_eq!(typed(&mut offering, "\n"), Went::Accepted);
        typed(&mut offering, "a");
        assert_eq!(offering.taken(), 0);
        assert_eq!(typed(&mut offering, "\n"), Went::On);
        assert!(offering.said.as_ref().is_some_and(|(_, bad)| *bad));
        assert_eq!(typed(&mut offering, "s\n"), Went::Save("watch.yaml".to_owned()));
        assert_eq!(typed(&mut offering, "q"), Went::Left);
    }

    #[test]
    fn what_is_no_limit_stays_where_it_was_typed() {
        let mut offering = offering();
        for wrong in ["l200ms\n", "l>= 200ms\n", "l== 99%\n", "lfast\n"] {
            typed(&mut offering, wrong);
            assert!(offering.typing.is_some() && offering.said.is_some(), "{wrong}");
            assert_eq!((offering.rows[0].min, offering.rows[0].max), (None, None));
            typed(&mut offering, "\u{1b}");
            assert!(offering.typing.is_none());
        }
        // Nothing is no limit.
        typed(&mut offering, "l>= 99%\nl");
        typed(&mut offering, &"\u{8}".repeat(20));
        typed(&mut offering, "\n");
        assert_eq!(offering.rows[0].min, None);
    }
}
