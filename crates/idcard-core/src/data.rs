//! What the files of a card mean: pure decoders, no I/O.
