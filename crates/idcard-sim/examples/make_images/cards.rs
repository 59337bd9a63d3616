//! The images: which card holds what, and the writing of their files.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use crate::der::Day;
use crate::facial::{self, Format};
use crate::holder::{self, Holder};
use crate::keys::{Key, Kind};
use crate::pki::{Pki, Role};
use crate::{files, sod};

/// One card to make.
struct Card {
    image: &'static str,
    kind: Kind,
    crn: String,
    csn: [u8; 8],
    /// As in the dates file.
    dates: (&'static str, &'static str),
    /// Of the certificates.
    valid: (Day, Day),
    given: &'static str,
    surname: &'static str,
    holder: Option<(&'static Holder, Format)>,
}

/// Makes the files of all images below `images`. `photos` holds the pictures.
pub(crate) fn make_all(pki: &mut Pki, images: &Path, photos: &Path) -> Result<(), Box<dyn Error>> {
    for card in cards() {
        card.make(pki, images.join(card.image), photos)?;
    }
    Ok(())
}

fn cards() -> Vec<Card> {
    let first = Card {
        image: "specimen",
        kind: Kind::Rsa2048,
        crn: "0003141594".into(),
        csn: [0x40, 0x79, 0x53, 0x50, 0x43, 0x01, 0x00, 0x01],
        dates: ("14030101", "14100101"),
        valid: (Day(2024, 3, 20), Day(2031, 3, 20)),
        given: holder::FIRST.given,
        surname: holder::FIRST.surname,
        holder: Some((&holder::FIRST, Format::Jpeg)),
    };
    let p256 = Card {
        image: "specimen-p256",
        kind: Kind::P256,
        crn: first.crn.clone(),
        csn: [0x40, 0x79, 0x53, 0x50, 0x43, 0x02, 0x00, 0x01],
        ..first
    };
    let second = Card {
        image: "specimen-2",
        kind: Kind::Rsa2048,
        crn: "0002718286".into(),
        csn: [0x32, 0x18, 0x53, 0x50, 0x43, 0x03, 0x00, 0x02],
        dates: ("14020515", "14090515"),
        valid: (Day(2023, 8, 6), Day(2030, 8, 6)),
        given: holder::SECOND.given,
        surname: holder::SECOND.surname,
        holder: Some((&holder::SECOND, Format::Jpeg2000)),
    };
    let mav2 = Card {
        image: "mav2",
        kind: Kind::Rsa2048,
        crn: holder::with_check_digit("000577215"),
        csn: [0x01, 0x31, 0x4D, 0x41, 0x56, 0x02, 0x00, 0x03],
        dates: ("13990221", "14060221"),
        valid: (Day(2020, 5, 10), Day(2027, 5, 10)),
        given: "آزمایه",
        surname: "نمونه\u{200C}گر",
        holder: None,
    };
    // Its dates are Gregorian on purpose: the calendar of the real card is unpublished.
    let mav4 = Card {
        image: "mav4",
        kind: Kind::Rsa2048,
        crn: holder::with_check_digit("000141421"),
        csn: [0x22, 0x66, 0x4D, 0x41, 0x56, 0x04, 0x00, 0x04],
        dates: ("20220923", "20290923"),
        valid: (Day(2022, 9, 23), Day(2029, 9, 23)),
        given: "الگو",
        surname: "آزمونی",
        holder: None,
    };
    let pardis = Card {
        image: "pardis",
        kind: Kind::Rsa2048,
        crn: holder::with_check_digit("000173205"),
        csn: [0x10, 0x80, 0x50, 0x41, 0x52, 0x01, 0x00, 0x05],
        dates: ("14000101", "14070101"),
        valid: (Day(2021, 3, 21), Day(2028, 3, 21)),
        given: "نمونک",
        surname: "پردیسی",
        holder: None,
    };
    vec![first, p256, second, mav2, mav4, pardis]
}

impl Card {
    fn make(&self, pki: &mut Pki, dir: PathBuf, photos: &Path) -> Result<(), Box<dyn Error>> {
        fs::create_dir_all(&dir)?;
        let write = |name: &str, bytes: &[u8]| fs::write(dir.join(name), bytes);
        let named = holder::subject(self.given, self.surname);
        let bare = holder::nameless();
        for (file, role) in [("sign", Role::Sign), ("auth", Role::Authenticate)] {
            let label = format!("{}/{file}", self.image);
            let key = Key::at(&dir.join(format!("{file}.key")), self.kind, &label)?;
            // The real card's authentication certificate is said to carry no name; the specimen's does.
            let subject = if role == Role::Authenticate && self.holder.is_none() { &bare } else { &named };
            write(&format!("{file}.der"), &pki.holder(&label, &self.crn, role, subject, &key, self.valid)?)?;
        }
        write("ca.der", &pki.ca.certificate)?;
        if self.image == "pardis" {
            write("cplc.bin", &pardis_cplc(self.csn, &self.crn))?;
            // Twelve bytes of proprietary command 9038; their layout is unknown, so they spell what they are.
            return Ok(write("9038.bin", b"SPECIMEN9038")?);
        }
        write("cplc.bin", &files::cplc(self.csn))?;
        write("crn.bin", &files::crn(&self.crn))?;
        write("dates.bin", &files::dates(self.dates.0, self.dates.1))?;
        write("meta.bin", &files::meta())?;
        write("versions.bin", &files::versions())?;
        match self.holder {
            Some((holder, format)) => Self::protected(pki, holder, format, photos, &write),
            None => Ok(()),
        }
    }

    fn protected(
        pki: &Pki,
        holder: &Holder,
        format: Format,
        photos: &Path,
        write: &dyn Fn(&str, &[u8]) -> std::io::Result<()>,
    ) -> Result<(), Box<dyn Error>> {
        let picture = fs::read(photos.join(match format {
            Format::Jpeg => "portrait-1.jpg",
            Format::Jpeg2000 => "portrait-2.jp2",
        }))?;
        let personal1 = files::personal1(holder);
        let personal2 = files::personal2(holder);
        let photo = files::photo(&facial::record(&picture, format, (240, 320), holder.gender));
        let fingers = files::fingers(holder);
        let sod = sod::sign(pki, &[(1, &personal1), (2, &photo), (11, &personal2), (16, &fingers)])?;
        write("personal1.bin", &personal1)?;
        write("personal2.bin", &personal2)?;
        write("photo.bin", &photo)?;
        write("fingers.bin", &fingers)?;
        write("sod.bin", &sod)?;
        Ok(())
    }
}

/// CPLC of the domestic card: two bytes at 24 and eight at 37 are said to form the CRN (nid-card.md 4.2, doubtful).
fn pardis_cplc(csn: [u8; 8], crn: &str) -> Vec<u8> {
    let mut out = files::cplc(csn);
    let (head, tail) = crn.as_bytes().split_at(2);
    for (offset, digits) in [(24, head), (37, tail)] {
        out.iter_mut().skip(offset).zip(digits).for_each(|(to, from)| *to = *from);
    }
    out
}
