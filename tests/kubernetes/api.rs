//! What the server in this process promises, which a real one keeps, too.
