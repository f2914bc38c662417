//! Game day files from outside: good ones with what they mean, and a folder of bad ones with the words of their messages.

mod bad;
mod faults;
mod good;
mod limits;
mod measures;
mod offers;
mod people;
mod queries;
mod scaling;
mod watch;
mod written;
