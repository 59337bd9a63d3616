//! `idcard verify` from the outside: every verdict with its exit status, and what is handed out.

mod der;
mod documents;
mod forged;
mod long_list;
mod release;
mod revocation;
