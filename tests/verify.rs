//! `idcard verify` from the outside: every verdict with its exit status, and what is handed out.

mod documents;
mod release;
mod revocation;
