//! The facial record of ISO/IEC 19794-5:2005 around one image.

/// Image data type of the record.
#[derive(Clone, Copy)]
pub(crate) enum Format {
    Jpeg,
    Jpeg2000,
}

/// One full frontal image of `size`, without feature points. `gender` is ISO/IEC 5218, whose 1 and 2 are
/// those of this standard too.
pub(crate) fn record(image: &[u8], format: Format, size: (u16, u16), gender: u8) -> Vec<u8> {
    let block_length = 4 + 16 + 12 + image.len() as u32;
    let mut out = b"FAC\x00010\x00".to_vec();
    out.extend((14 + block_length).to_be_bytes());
    out.extend(1u16.to_be_bytes());
    // Facial information: length, feature points, gender, eye and hair colour, properties, expression, pose.
    out.extend(block_length.to_be_bytes());
    out.extend(0u16.to_be_bytes());
    out.extend([gender, 0, 0]);
    out.extend([0; 3]);
    out.extend([0; 2]);
    out.extend([0; 6]);
    // Image information: full frontal, format, size, 24-bit RGB, source, device, quality.
    out.extend([
        0x01,
        match format {
            Format::Jpeg => 0x00,
            Format::Jpeg2000 => 0x01,
        },
    ]);
    out.extend(size.0.to_be_bytes());
    out.extend(size.1.to_be_bytes());
    out.extend([0x01, 0x00]);
    out.extend([0; 4]);
    out.extend(image);
    out
}
