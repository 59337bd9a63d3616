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

/// The files of one folder: name and bytes.
type Shelf = &'static [(&'static str, &'static [u8])];

macro_rules! shelf {
    ($folder:literal: $($file:literal)*) => {
        ($folder, &[$(($file, include_bytes!(concat!("../../images/", $folder, "/", $file)))),*])
    };
}

const SHELVES: [(&str, Shelf); 6] = [
    shelf!("specimen": "sign.der" "auth.der" "ca.der" "sign.key" "auth.key" "personal1.bin" "personal2.bin" "photo.bin"
        "fingers.bin" "sod.bin" "dates.bin" "meta.bin" "versions.bin" "cplc.bin" "crn.bin"),
    shelf!("specimen-p256": "sign.der" "auth.der" "ca.der" "sign.key" "auth.key" "personal1.bin" "personal2.bin"
        "photo.bin" "fingers.bin" "sod.bin" "dates.bin" "meta.bin" "versions.bin" "cplc.bin" "crn.bin"),
    shelf!("specimen-2": "sign.der" "auth.der" "ca.der" "sign.key" "auth.key" "personal1.bin" "personal2.bin"
        "photo.bin" "fingers.bin" "sod.bin" "dates.bin" "meta.bin" "versions.bin" "cplc.bin" "crn.bin"),
    shelf!("mav2": "sign.der" "auth.der" "ca.der" "dates.bin" "meta.bin" "versions.bin" "cplc.bin" "crn.bin"),
    shelf!("mav4": "sign.der" "auth.der" "ca.der" "dates.bin" "meta.bin" "versions.bin" "cplc.bin" "crn.bin"),
    shelf!("pardis": "sign.der" "cplc.bin" "9038.bin"),
];

/// The folder of that name, where files of built-in images lie.
pub(super) fn shelf(name: &str) -> Option<&'static str> {
    SHELVES.iter().map(|(folder, _)| *folder).find(|folder| *folder == name)
}

/// The file of that name in that folder.
pub(super) fn file(folder: &str, name: &str) -> Option<&'static [u8]> {
    let (_, shelf) = SHELVES.iter().find(|(known, _)| *known == folder)?;
    shelf.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}
