//! A lease that says this program lives.
