//! The report: what was learned, as a pure function of the recording.
