//! `idcard sign` from the outside: what it makes, what it spends, what it leaves alone.

mod files;
mod openssl;
mod wire;
