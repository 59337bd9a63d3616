//! The images that come with the library, and the files they name.

/// Name and description of each image.
pub(super) const IMAGES: [(&str, &str); 8] = [
    ("specimen", include_str!("../../images/specimen.toml")),
    ("specimen-p256", include_str!("../../images/specimen-p256.toml")),
    ("specimen-t0", include_str!("../../images/specimen-t0.toml")),
    ("specimen-sealed", include_str!("../../images/specimen-sealed.toml")),
    ("specimen-2", include_str!("../../images/specimen-2.toml")),
    ("mav2", include_str!("../../images/mav2.toml")),
    ("mav4", include_str!("../../images/mav4.toml")),
    ("pardis", include_str!("../../images/pardis.toml")),
];

/// The folder of that name, where files of built-in images lie.
pub(super) fn shelf(name: &str) -> Option<&'static str> {
    ["specimen", "specimen-p256", "specimen-2", "mav2", "mav4", "pardis"].into_iter().find(|shelf| *shelf == name)
}

/// The file of that name in that folder.
pub(super) fn file(_shelf: &str, name: &str) -> Option<&'static [u8]> {
    // Placeholders of the documented shape, until the generated files are laid beside the descriptions.
    Some(match name {
        "cplc.bin" => b"\x9F\x7F\x2A\x40\x90\x61\x64\x40\x91\x20\x87\x38\x00\x43\x11\x01\x02\x03\x04\x55\x66\x40\x92\x43\x13\x40\x93\x43\x14\x40\x94\x43\x15\x40\x95\x43\x16\x40\x96\x43\x17\x40\x97\x43\x18",
        "9038.bin" => b"SPECIMEN9038",
        "crn.bin" => b"\x01\x01\x120003141594\0\0\0\0\0\0\0\0",
        "meta.bin" => b"\xAD\x01\x00",
        "dates.bin" => b"\xB2\x12\xFE\xFF\x001\x004\x000\x003\x000\x001\x000\x001\xB3\x12\xFE\xFF\x001\x004\x001\x000\x000\x001\x000\x001",
        "versions.bin" => b"\xCC\x01\xF0\xD5\x02\x0F\xFF\xD6\x01\x0A\xD7\x02\x01\x08",
        "personal1.bin" => b"\x70\x0C\x82\x0A0001234560",
        "personal2.bin" => b"\x71\x0C\x87\x0A1354612345",
        _ => b"\x30\x03\x02\x01\x00",
    })
}
