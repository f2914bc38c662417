//! A server, a namespace of our own, and the shop in it.
