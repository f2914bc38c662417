//! A Job in the cluster that undoes native faults when this program dies.
