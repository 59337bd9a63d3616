//! `idcard sign` from the outside: what it makes, what it spends, what it leaves alone.

mod faults;
mod files;
mod openssl;
mod wire;
