//! Finding objects and reading their attributes.

use super::Place;
use crate::attributes::Attributes;
use crate::objects::Object;
use crate::rv::{Result, Rv};
use cryptoki_sys::*;

/// An attribute of an object as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// The bytes, in the form of the host's C.
    Bytes(Vec<u8>),
    /// It does not leave the card.
    Sensitive,
    /// The object has no such attribute.
    Unknown,
}

/// What would be the secret half of a key.
const SECRET: [CK_ATTRIBUTE_TYPE; 7] =
    [CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_PRIME_2, CKA_EXPONENT_1, CKA_EXPONENT_2, CKA_COEFFICIENT, CKA_VALUE];

impl Place {
    pub(crate) fn find_init(
        &mut self,
        handle: CK_SESSION_HANDLE,
        template: &[(CK_ATTRIBUTE_TYPE, Vec<u8>)],
    ) -> Result<()> {
        let (session, token) = self.session(handle)?;
        if session.search.is_some() {
            return Err(Rv::OPERATION_ACTIVE);
        }
        let template = Attributes::of_template(template);
        let logged_in = token.logged_in(session.role());
        let objects = token.objects(session.role(), template.may_find(CKO_DATA))?;
        let visible = (1..).zip(objects).filter(|(_, object)| logged_in || !object.is_private_key());
        let fitting = visible.filter(|(_, object)| object.attributes.fit(&template));
        let found: Vec<CK_OBJECT_HANDLE> = fitting.map(|(handle, _)| handle).collect();
        session.search = Some(found.into_iter());
        Ok(())
    }

    pub(crate) fn find(&mut self, handle: CK_SESSION_HANDLE, most: usize) -> Result<Vec<CK_OBJECT_HANDLE>> {
        let search = self.only_session(handle)?.search.as_mut().ok_or(Rv::NO_OPERATION)?;
        Ok(search.take(most).collect())
    }

    pub(crate) fn find_final(&mut self, handle: CK_SESSION_HANDLE) -> Result<()> {
        self.only_session(handle)?.search.take().map(drop).ok_or(Rv::NO_OPERATION)
    }

    pub(crate) fn cancel(&mut self, handle: CK_SESSION_HANDLE, flags: CK_FLAGS) -> Result<()> {
        let session = self.only_session(handle)?;
        if flags & CKF_FIND_OBJECTS != 0 {
            session.search = None;
        }
        if flags & CKF_DIGEST != 0 {
            session.digest = None;
        }
        if flags & CKF_VERIFY != 0 {
            session.verifying = None;
        }
        if flags & CKF_SIGN != 0 {
            self.cancel_signature(handle)?;
        }
        Ok(())
    }

    pub(crate) fn give_up(&mut self, handle: CK_SESSION_HANDLE, flag: CK_FLAGS) -> Result<()> {
        let session = self.only_session(handle)?;
        let under_way = match flag {
            CKF_SIGN => session.signing.is_some(),
            CKF_VERIFY => session.verifying.is_some(),
            CKF_DIGEST => session.digest.is_some(),
            _ => false,
        };
        if under_way { self.cancel(handle, flag) } else { Err(Rv::ARGUMENTS_BAD) }
    }

    pub(crate) fn attribute(
        &mut self,
        handle: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        kind: CK_ATTRIBUTE_TYPE,
    ) -> Result<Value> {
        let object = self.visible(handle, object)?;
        Ok(match object.attributes.get(kind) {
            Some(value) => Value::Bytes(value.to_vec()),
            None if object.is_private_key() && SECRET.contains(&kind) => Value::Sensitive,
            None => Value::Unknown,
        })
    }

    pub(crate) fn object_size(&mut self, handle: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE) -> Result<CK_ULONG> {
        let size = self.visible(handle, object)?.attributes.size();
        Ok(CK_ULONG::try_from(size).unwrap_or(CK_UNAVAILABLE_INFORMATION))
    }

    /// An object that the session may see: private ones are there for those who are logged in. Programs rely on it to
    /// find out that they have to log in.
    fn visible(&mut self, handle: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE) -> Result<&Object> {
        let (session, token) = self.session(handle)?;
        let role = session.role();
        let logged_in = token.logged_in(role);
        let object = token.object(role, object).filter(|object| logged_in || !object.is_private_key());
        object.ok_or(Rv(CKR_OBJECT_HANDLE_INVALID))
    }
}
