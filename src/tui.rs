//! The screen: a pure part (views of the state) and a thin shell (loop, terminal, input).
