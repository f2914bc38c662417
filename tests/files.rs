//! Game day files: good ones, and a folder of bad ones.
