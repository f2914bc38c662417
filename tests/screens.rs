//! Whole screens at three sizes.
