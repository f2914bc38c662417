//! Prometheus and Alertmanager, from outside: answers recorded and made up, and servers that behave, misbehave and lie.

mod answers;
