//! Attributes of objects: a number and bytes in the host's form, and whether a template fits them.

use cryptoki_sys::*;

/// The attributes of one object, or of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attributes(Vec<(CK_ATTRIBUTE_TYPE, Vec<u8>)>);

impl Attributes {
    pub(crate) fn of_template(template: &[(CK_ATTRIBUTE_TYPE, Vec<u8>)]) -> Self {
        Self(template.to_vec())
    }

    pub(crate) fn bytes(mut self, kind: CK_ATTRIBUTE_TYPE, value: &[u8]) -> Self {
        self.0.push((kind, value.to_vec()));
        self
    }

    pub(crate) fn flag(self, kind: CK_ATTRIBUTE_TYPE, value: bool) -> Self {
        self.bytes(kind, &[if value { CK_TRUE } else { CK_FALSE }])
    }

    pub(crate) fn flags(self, value: bool, kinds: &[CK_ATTRIBUTE_TYPE]) -> Self {
        kinds.iter().fold(self, |all, kind| all.flag(*kind, value))
    }

    pub(crate) fn number(self, kind: CK_ATTRIBUTE_TYPE, value: CK_ULONG) -> Self {
        self.bytes(kind, &value.to_ne_bytes())
    }

    pub(crate) fn numbers(self, kind: CK_ATTRIBUTE_TYPE, values: &[CK_ULONG]) -> Self {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_ne_bytes()).collect();
        self.bytes(kind, &bytes)
    }

    pub(crate) fn get(&self, kind: CK_ATTRIBUTE_TYPE) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| *known == kind).map(|(_, value)| value.as_slice())
    }

    /// Whether an object has all that the template asks for.
    pub(crate) fn fit(&self, template: &Self) -> bool {
        template.0.iter().all(|(kind, value)| self.get(*kind) == Some(value.as_slice()))
    }

    /// Whether a search by this template may find objects of a class.
    pub(crate) fn may_find(&self, class: CK_OBJECT_CLASS) -> bool {
        self.get(CKA_CLASS).is_none_or(|wanted| wanted == class.to_ne_bytes())
    }

    /// All bytes together.
    pub(crate) fn size(&self) -> usize {
        self.0.iter().map(|(_, value)| value.len()).sum()
    }
}
