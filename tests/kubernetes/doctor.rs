//! The doctor, and the Role that it asks for.
