//! The words of an image description: `images/NAME.toml`.

use serde::Deserialize;

use super::part::Profile;

/// A description as it stands in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Description {
    pub(super) name: String,
    pub(super) title: String,
    /// A built-in image on which this one is laid.
    pub(super) base: Option<String>,
    /// The folder of the files named below, and of those that the base names.
    pub(super) files: Option<String>,
    pub(super) contact: Option<InterfaceText>,
    pub(super) contactless: Option<InterfaceText>,
    #[serde(default)]
    pub(super) applet: Vec<AppletText>,
    pub(super) channel: Option<ChannelText>,
    /// `APPLET:PATH` of files or folders of the base that this card lacks.
    #[serde(default)]
    pub(super) absent: Vec<String>,
    /// Files of the base that can be read only inside the secure channel, as `APPLET:PATH`.
    #[serde(default)]
    pub(super) sealed: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InterfaceText {
    pub(super) atr: String,
    pub(super) protocol: ProtocolWord,
    #[serde(default)]
    pub(super) extended: bool,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum ProtocolWord {
    #[serde(rename = "T=0")]
    T0,
    #[serde(rename = "T=1")]
    T1,
}

/// An applet; in a description with a base, entries of the same name are laid over those of the base.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppletText {
    pub(super) name: String,
    pub(super) aid: Option<String>,
    /// The shortest beginning that also selects it.
    pub(super) partial: Option<String>,
    pub(super) profile: Option<Profile>,
    #[serde(default)]
    pub(super) object: Vec<ObjectText>,
    #[serde(default)]
    pub(super) ef: Vec<EfText>,
    /// Folders in which no file is known.
    #[serde(default)]
    pub(super) empty_folders: Vec<String>,
    #[serde(default)]
    pub(super) pin: Vec<PinText>,
    #[serde(default)]
    pub(super) puk: Vec<PukText>,
    #[serde(default)]
    pub(super) key: Vec<KeyText>,
    #[serde(default)]
    pub(super) finger: Vec<FingerText>,
    pub(super) status_key: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ObjectText {
    pub(super) tag: String,
    pub(super) file: Option<String>,
    pub(super) hex: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EfText {
    pub(super) path: String,
    pub(super) file: Option<String>,
    pub(super) hex: Option<String>,
    /// The size of the file where it is longer than its content; the rest is `00`.
    pub(super) size: Option<usize>,
    /// `never`, `channel`, or the name of a PIN; empty means free.
    #[serde(default)]
    pub(super) read: Vec<String>,
    #[serde(default)]
    pub(super) update: bool,
    pub(super) secret_code_of: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PinText {
    pub(super) name: String,
    pub(super) references: Vec<String>,
    pub(super) folder: Option<String>,
    pub(super) value: String,
    pub(super) tries: u8,
    pub(super) digits: (usize, usize),
    pub(super) puk: Option<String>,
    /// Wrong presentations that it has behind it.
    #[serde(default)]
    pub(super) failed: u8,
    #[serde(default)]
    pub(super) spent_by_signature: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PukText {
    pub(super) name: String,
    pub(super) reference: Option<String>,
    pub(super) value: String,
    pub(super) tries: u8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyText {
    pub(super) reference: String,
    pub(super) folder: Option<String>,
    pub(super) pin: String,
    #[serde(default)]
    pub(super) authenticates: bool,
    pub(super) file: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FingerText {
    pub(super) reference: String,
    pub(super) template: String,
    pub(super) tries: u8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChannelText {
    pub(super) applet: String,
    pub(super) reference: String,
    pub(super) kenc: String,
    pub(super) kmac: String,
    pub(super) sn_ifd: String,
}
