//! Native actions: carry.
