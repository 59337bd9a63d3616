//! The program `idcard`: reads arguments, calls the library, prints.

fn main() {}
