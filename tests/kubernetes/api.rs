//! What the server in this process promises, which a real one keeps, too: the same questions to either.

mod ask;
mod deleting;
mod faults;
mod patching;
mod reading;
mod rights;
mod schemas;
mod watching;
mod writing;
