//! The lab: a small web shop of real processes, and the faults that are done to it. An adapter.
