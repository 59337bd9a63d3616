//! The answer to reset, decoded (ISO/IEC 7816-3, 8): total on any bytes.
