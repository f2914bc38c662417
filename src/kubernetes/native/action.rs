//! Native actions: action.
