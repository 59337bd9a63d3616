//! Reading from and writing to the memory of the program, whatever the alignment.
//!
//! The functions are `unsafe` for one reason: a pointer that is not null has to lead to as much memory as is said, and
//! nobody else may write to it meanwhile. The entry points pass this demand on to the program, as PKCS#11 does.

use crate::mechanism::Asked;
use crate::rv::{Result, Rv};
use cryptoki_sys::*;
use std::{ptr, slice};

/// The most attributes of a template, and the most bytes of one value: no program asks for more in earnest.
const ATTRIBUTES: CK_ULONG = 1024;
const VALUE: CK_ULONG = 1024 * 1024;

/// So many bytes; none for a null pointer and no length.
pub(super) unsafe fn bytes<'a>(pointer: *const u8, length: CK_ULONG) -> Result<&'a [u8]> {
    let length = usize::try_from(length).map_err(|_| Rv::ARGUMENTS_BAD)?;
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() || isize::try_from(length).is_err() {
        return Err(Rv::ARGUMENTS_BAD);
    }
    // SAFETY: not null, not longer than an object can be, any byte is valid; the caller vouches for the memory.
    Ok(unsafe { slice::from_raw_parts(pointer, length) })
}

/// The value behind a pointer.
pub(super) unsafe fn read<T: Copy>(pointer: *const T) -> Result<T> {
    if pointer.is_null() {
        return Err(Rv::ARGUMENTS_BAD);
    }
    // SAFETY: not null, and read without regard to alignment; the caller vouches for the memory. The types that are read
    // here are numbers, raw pointers and optional function pointers, for which any bits are valid.
    Ok(unsafe { pointer.read_unaligned() })
}

/// Puts a value where a pointer leads to.
pub(super) unsafe fn write<T: Copy>(pointer: *mut T, value: T) -> Result<()> {
    if pointer.is_null() {
        return Err(Rv::ARGUMENTS_BAD);
    }
    // SAFETY: not null, and written without regard to alignment; the caller vouches for the memory.
    unsafe { pointer.write_unaligned(value) };
    Ok(())
}

/// Tells how much is needed, and whether there is room for it: false for a program that only asks for the length.
pub(super) unsafe fn room<T>(needed: usize, out: *const T, length: *mut CK_ULONG) -> Result<bool> {
    // SAFETY: the caller vouches for the pointers.
    let offered = unsafe { read(length) }?;
    let needed = CK_ULONG::try_from(needed).map_err(|_| Rv(CKR_GENERAL_ERROR))?;
    if !out.is_null() && offered >= needed {
        return Ok(true);
    }
    // SAFETY: as above.
    unsafe { write(length, needed) }?;
    if out.is_null() { Ok(false) } else { Err(Rv(CKR_BUFFER_TOO_SMALL)) }
}

/// Gives values in a buffer of the program, by the convention of PKCS#11 2.40, 5.2.
pub(super) unsafe fn give<T: Copy>(values: &[T], out: *mut T, length: *mut CK_ULONG) -> Result<()> {
    // SAFETY: the caller vouches for the pointers.
    if unsafe { room(values.len(), out, length) }? {
        // SAFETY: `out` is not null and has room for so many values, as the program says; a value of ours cannot lie in
        // the program's buffer. Bytes are copied, so that alignment does not matter.
        unsafe { ptr::copy_nonoverlapping(values.as_ptr().cast::<u8>(), out.cast::<u8>(), size_of_val(values)) };
        let given = CK_ULONG::try_from(values.len()).map_err(|_| Rv(CKR_GENERAL_ERROR))?;
        // SAFETY: the caller vouches for the pointer.
        unsafe { write(length, given) }?;
    }
    Ok(())
}

/// A template, copied.
pub(super) unsafe fn template(
    pointer: *const CK_ATTRIBUTE,
    count: CK_ULONG,
) -> Result<Vec<(CK_ATTRIBUTE_TYPE, Vec<u8>)>> {
    let mut template = Vec::new();
    // SAFETY: the caller vouches for the template.
    for place in unsafe { places(pointer.cast_mut(), count) }? {
        // SAFETY: `place` lies in the template.
        let attribute = unsafe { read(place) }?;
        if attribute.ulValueLen > VALUE {
            return Err(Rv(CKR_ATTRIBUTE_VALUE_INVALID));
        }
        // SAFETY: the caller vouches for the values of the template as well.
        let value = unsafe { bytes(attribute.pValue.cast::<u8>(), attribute.ulValueLen) }?;
        template.push((attribute.type_, value.to_vec()));
    }
    Ok(template)
}

/// The places of the attributes of a template.
pub(super) unsafe fn places(pointer: *mut CK_ATTRIBUTE, count: CK_ULONG) -> Result<Vec<*mut CK_ATTRIBUTE>> {
    if count > ATTRIBUTES || (pointer.is_null() && count > 0) {
        return Err(Rv::ARGUMENTS_BAD);
    }
    let count = usize::try_from(count).map_err(|_| Rv::ARGUMENTS_BAD)?;
    // SAFETY: the caller vouches for an array of so many attributes, so that each place lies in it.
    Ok((0..count).map(|index| unsafe { pointer.add(index) }).collect())
}

/// A mechanism, its parameter copied.
pub(super) unsafe fn mechanism(pointer: *const CK_MECHANISM) -> Result<Asked> {
    // SAFETY: the caller vouches for the mechanism.
    let mechanism = unsafe { read(pointer) }?;
    if mechanism.ulParameterLen > VALUE {
        return Err(Rv(CKR_MECHANISM_PARAM_INVALID));
    }
    // SAFETY: and for its parameter.
    let parameter = unsafe { bytes(mechanism.pParameter.cast::<u8>(), mechanism.ulParameterLen) };
    let parameter = parameter.map_err(|_| Rv(CKR_MECHANISM_PARAM_INVALID))?;
    Ok(Asked { kind: mechanism.mechanism, parameter: parameter.to_vec() })
}
