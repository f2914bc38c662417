//! Native actions.
