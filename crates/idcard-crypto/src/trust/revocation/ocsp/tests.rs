//! Answers made for a test, and what OpenSSL asks and answers.

mod answers;
mod interop;
