//! PINs that are typed on the pin pad of the reader: asked for once each, by nobody else, and never seen by the host.

mod change;
mod program;
mod session;
