//! Values one after the other that are only ever added to, and cheap to copy: copies share what they have in common. Not
//! what they mean.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// The first `length` of values that others may share.
pub struct History<T> {
    all: Arc<Vec<T>>,
    length: usize,
}

impl<T> History<T> {
    /// The first `length` of these, sharing them.
    pub fn first(&self, length: usize) -> Self {
        Self { all: Arc::clone(&self.all), length: length.min(self.length) }
    }

    /// The first `length` of these and of what is known to follow them, sharing them: where one was before.
    pub fn again(&self, length: usize) -> Self {
        Self { all: Arc::clone(&self.all), length: length.min(self.all.len()) }
    }

    /// Takes the next value over from what is shared, where there is one and `is_it`; else nothing changes.
    pub fn go_on(&mut self, is_it: impl FnOnce(&T) -> bool) -> bool {
        let known = self.all.get(self.length).is_some_and(is_it);
        self.length += usize::from(known);
        known
    }
}

impl<T: Clone> History<T> {
    /// Adds a value. Copies that share the values before it do not see it.
    pub fn push(&mut self, value: T) {
        if self.length < self.all.len() {
            self.all = Arc::new(self.to_vec());
        }
        Arc::make_mut(&mut self.all).push(value);
        self.length += 1;
    }
}

impl<T> Deref for History<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.all.get(..self.length).unwrap_or_default()
    }
}

impl<T> Default for History<T> {
    fn default() -> Self {
        Self { all: Arc::new(Vec::new()), length: 0 }
    }
}

impl<T> Clone for History<T> {
    fn clone(&self) -> Self {
        self.first(self.length)
    }
}

impl<T: PartialEq> PartialEq for History<T> {
    fn eq(&self, other: &Self) -> bool {
        self.length == other.length && (Arc::ptr_eq(&self.all, &other.all) || **self == **other)
    }
}

impl<T: fmt::Debug> fmt::Debug for History<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T> From<Vec<T>> for History<T> {
    fn from(values: Vec<T>) -> Self {
        Self { length: values.len(), all: Arc::new(values) }
    }
}

impl<'a, T> IntoIterator for &'a History<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_share_the_past_and_not_the_future() {
        let mut one: History<String> = vec!["a".to_owned(), "b".to_owned()].into();
        let mut other = one.clone();
        let place = one[0].as_ptr();
        assert_eq!(other[0].as_ptr(), place, "nothing was copied");
        one.push("c".to_owned());
        other.push("d".to_owned());
        assert_eq!(one.concat(), "abc");
        assert_eq!(other.concat(), "abd");
        assert_ne!(one, other);
    }

    #[test]
    fn what_is_known_of_the_future_is_taken_over_only_where_it_comes_true() {
        let whole: History<String> = ["a", "b", "c"].map(str::to_owned).to_vec().into();
        let mut one = whole.first(1);
        assert_eq!(one.len(), 1);
        assert!(one.go_on(|next| next == "b"));
        assert_eq!(one[1].as_ptr(), whole[1].as_ptr(), "nothing was copied");
        assert!(!one.go_on(|next| next == "d"));
        assert_eq!(one, whole.first(2));
        one.push("d".to_owned());
        assert_eq!(one.concat(), "abd");
        assert_eq!(whole.concat(), "abc");
        let back = whole.first(1);
        assert_eq!((back.again(3).concat(), back.again(9).len()), ("abc".to_owned(), 3));
        assert!(!one.go_on(|_| true), "what comes is not known any more");
    }
}
