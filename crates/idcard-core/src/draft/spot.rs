//! Where in the traces something was seen.

use std::fmt;

/// A place in the traces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// Counted from 1, in the order in which they were given; their files' names may speak of somebody.
    pub trace: usize,
    pub line: usize,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "trace {}, line {}", self.trace, self.line)
    }
}
