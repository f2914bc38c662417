//! The grammar of measures: tokens to a tree by precedence. Not the meaning of words, and not the units.

use super::token::{MeasureError, Stretch, Token, cut};
use super::{Op, Sign};
use crate::gameday::metric::Unit;

/// The deepest nesting of parentheses.
const DEEPEST: usize = 50;

/// A part of a measure.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tree {
    pub(super) place: Stretch,
    pub(super) kind: Kind,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Any(Vec<Tree>),
    All(Vec<Tree>),
    Compare { left: Box<Tree>, op: Op, right: Box<Tree>, scope: Option<Scope> },
    Arithmetic { left: Box<Tree>, sign: Sign, right: Box<Tree> },
    Figure { value: f64, unit: Unit },
    Word(String),
    Call { word: Name, argument: Option<Box<Tree>> },
}

/// A word with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) place: Stretch,
}

/// What a comparison is limited to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scope {
    /// `in PHASE`
    Phase(Name),
    /// `during INJECTION`
    During(Name),
}

/// The tree of a whole measure, with the `for …` of a trigger.
pub(super) fn grow(text: &str) -> Result<(Tree, Option<(f64, Stretch)>), MeasureError> {
    let mut parser = Parser { tokens: cut(text)?, at: 0, depth: 0 };
    let tree = parser.any()?;
    let mut lasting = None;
    if parser.skip_word("for") {
        let (token, place) = parser.next();
        let Token::Figure { value, unit: Unit::Millis } = token else {
            return Err(place.error("for needs a time", "write for 30s"));
        };
        lasting = Some((value, place));
    }
    let (token, place) = parser.next();
    match token {
        Token::End => Ok((tree, lasting)),
        other => Err(place.error(
            format!("{} is not expected here", shown(&other)),
            "join comparisons with and, or",
        )),
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Word(word) => format!("\"{word}\""),
        Token::Figure { .. } => "a figure".to_owned(),
        Token::Sign(sign) => format!("\"{sign}\""),
        Token::End => "the end".to_owned(),
    }
}

struct Parser {
    tokens: Vec<(Token, Stretch)>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn next(&mut self) -> (Token, Stretch) {
        let last = self.tokens.len().saturating_sub(1);
        let found = self.tokens.get(self.at.min(last)).cloned();
        self.at += 1;
        found.unwrap_or((Token::End, Stretch { at: 0, end: 0 }))
    }

    fn skip_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(text) if text == word);
        self.at += usize::from(found);
        found
    }

    fn skip_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(text) if *text == sign);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Tree, MeasureError> {
        self.joined("or", Kind::Any, |parser| parser.joined("and", Kind::All, Self::compare))
    }

    /// One or more parts joined by `word`.
    fn joined(
        &mut self,
        word: &str,
        kind: fn(Vec<Tree>) -> Kind,
        part: impl Fn(&mut Self) -> Result<Tree, MeasureError>,
    ) -> Result<Tree, MeasureError> {
        let first = part(self)?;
        let mut place = first.place;
        let mut parts = vec![first];
        while self.skip_word(word) {
            let next = part(self)?;
            place = place.to(next.place);
            parts.push(next);
        }
        match (parts.len(), parts.pop()) {
            (1, Some(only)) => Ok(only),
            (_, last) => {
                parts.extend(last);
                Ok(Tree { place, kind: kind(parts) })
            }
        }
    }

    fn compare(&mut self) -> Result<Tree, MeasureError> {
        let left = self.sum()?;
        let op = match self.peek() {
            Token::Sign("<") => Op::Less,
            Token::Sign("<=") => Op::AtMost,
            Token::Sign(">") => Op::More,
            Token::Sign(">=") => Op::AtLeast,
            Token::Sign("==") => Op::Equal,
            Token::Sign("!=") => Op::Differs,
            _ => return Ok(left),
        };
        self.at += 1;
        let right = self.sum()?;
        let mut place = left.place.to(right.place);
        let mut scope = None;
        if self.skip_word("in") {
            let name = self.scope_name("in needs the name of a phase", "write in NAME")?;
            place = place.to(name.place);
            scope = Some(Scope::Phase(name));
        } else if self.skip_word("during") {
            let what = "during needs the name of an injection";
            let name = self.scope_name(what, "write during NAME")?;
            place = place.to(name.place);
            scope = Some(Scope::During(name));
        }
        let (left, right) = (Box::new(left), Box::new(right));
        Ok(Tree { place, kind: Kind::Compare { left, op, right, scope } })
    }

    fn scope_name(&mut self, what: &str, mend: &str) -> Result<Name, MeasureError> {
        let (token, place) = self.next();
        match token {
            Token::Word(text) => Ok(Name { text, place }),
            _ => Err(place.error(what, mend)),
        }
    }

    fn sum(&mut self) -> Result<Tree, MeasureError> {
        let mut left = self.product()?;
        loop {
            let sign = match self.peek() {
                Token::Sign("+") => Sign::Plus,
                Token::Sign("-") => Sign::Minus,
                _ => return Ok(left),
            };
            self.at += 1;
            left = joined(left, sign, self.product()?);
        }
    }

    fn product(&mut self) -> Result<Tree, MeasureError> {
        let mut left = self.atom()?;
        loop {
            let sign = match self.peek() {
                Token::Sign("*") => Sign::Times,
                Token::Sign("/") => Sign::Over,
                _ => return Ok(left),
            };
            self.at += 1;
            left = joined(left, sign, self.atom()?);
        }
    }

    fn atom(&mut self) -> Result<Tree, MeasureError> {
        let (token, place) = self.next();
        match token {
            Token::Figure { value, unit } => Ok(Tree { place, kind: Kind::Figure { value, unit } }),
            Token::Word(text)
                if matches!(text.as_str(), "and" | "or" | "in" | "for" | "during") =>
            {
                Err(place.error(format!("a value is missing before \"{text}\""), ""))
            }
            Token::Word(text) if self.skip_sign("(") => self.call(Name { text, place }),
            Token::Word(text) => Ok(Tree { place, kind: Kind::Word(text) }),
            Token::Sign("(") => {
                self.deeper(place)?;
                let inner = self.any()?;
                self.depth -= 1;
                let end = self.closed(place)?;
                Ok(Tree { place: place.to(end), kind: inner.kind })
            }
            other => Err(place.error(
                format!("a value is missing: found {}", shown(&other)),
                "write a metric, a time or a figure, for example availability >= 99.9%",
            )),
        }
    }

    fn call(&mut self, word: Name) -> Result<Tree, MeasureError> {
        let place = word.place;
        if self.skip_sign(")") {
            return Ok(Tree { place, kind: Kind::Call { word, argument: None } });
        }
        self.deeper(place)?;
        let argument = self.any()?;
        self.depth -= 1;
        let end = self.closed(place)?;
        let argument = Some(Box::new(argument));
        Ok(Tree { place: place.to(end), kind: Kind::Call { word, argument } })
    }

    fn deeper(&mut self, place: Stretch) -> Result<(), MeasureError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(place.error(format!("nested deeper than {DEEPEST} levels"), "flatten it"));
        }
        Ok(())
    }

    fn closed(&mut self, opened: Stretch) -> Result<Stretch, MeasureError> {
        let (token, place) = self.next();
        if token == Token::Sign(")") {
            return Ok(place);
        }
        Err(opened.error("the parenthesis is not closed", "add )"))
    }
}

fn joined(left: Tree, sign: Sign, right: Tree) -> Tree {
    let place = left.place.to(right.place);
    let (left, right) = (Box::new(left), Box::new(right));
    Tree { place, kind: Kind::Arithmetic { left, sign, right } }
}
