//! Where things are kept on this machine, and what the environment says.
