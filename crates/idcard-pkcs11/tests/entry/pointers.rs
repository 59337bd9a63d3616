//! Null pointers, odd addresses, short buffers: refused or borne, never followed blindly.

use super::program::Program;
use crate::desk::{ID_PIN, IDENTITY, SIGN_PIN, SIGNATURE};
use cryptoki_sys::*;
use std::ptr::null_mut;

const MANY: CK_ULONG = CK_ULONG::MAX;

#[test]
fn null_pointers_are_refused() {
    let program = Program::with("specimen");
    let list = program.list;
    let session = program.open(IDENTITY);
    assert_eq!(program.login(session, CKU_USER, ID_PIN), CKR_OK);
    let key = program.object(session, CKO_PRIVATE_KEY);
    let bad = CKR_ARGUMENTS_BAD;
    let mut length = 10;
    // SAFETY: null pointers, which must not be followed, and places of ours.
    unsafe {
        assert_eq!(list.C_GetInfo.unwrap()(null_mut()), bad);
        assert_eq!(list.C_GetSlotList.unwrap()(1, null_mut(), null_mut()), bad);
        assert_eq!(list.C_GetSlotInfo.unwrap()(IDENTITY, null_mut()), bad);
        assert_eq!(list.C_GetTokenInfo.unwrap()(IDENTITY, null_mut()), bad);
        assert_eq!(list.C_GetMechanismList.unwrap()(IDENTITY, null_mut(), null_mut()), bad);
        assert_eq!(list.C_GetMechanismInfo.unwrap()(IDENTITY, CKM_SHA256, null_mut()), bad);
        assert_eq!(list.C_OpenSession.unwrap()(IDENTITY, CKF_SERIAL_SESSION, null_mut(), None, null_mut()), bad);
        assert_eq!(list.C_GetSessionInfo.unwrap()(session, null_mut()), bad);
        assert_eq!(list.C_Login.unwrap()(session, CKU_USER, null_mut(), 4), bad);
        assert_eq!(list.C_FindObjectsInit.unwrap()(session, null_mut(), 1), bad);
        assert_eq!(list.C_FindObjectsInit.unwrap()(session, null_mut(), 0), CKR_OK);
        assert_eq!(list.C_FindObjects.unwrap()(session, null_mut(), 1, &raw mut length), bad);
        assert_eq!(list.C_FindObjects.unwrap()(session, null_mut(), 0, null_mut()), bad);
        assert_eq!(list.C_GetAttributeValue.unwrap()(session, key, null_mut(), 1), bad);
        assert_eq!(list.C_GetObjectSize.unwrap()(session, key, null_mut()), bad);
        assert_eq!(list.C_SignInit.unwrap()(session, null_mut(), key), bad);
        assert_eq!(list.C_VerifyInit.unwrap()(session, null_mut(), key), bad);
        assert_eq!(list.C_DigestInit.unwrap()(session, null_mut()), bad);
        assert_eq!(list.C_GenerateRandom.unwrap()(session, null_mut(), 8), bad);
        assert_eq!(list.C_GenerateRandom.unwrap()(session, null_mut(), 0), CKR_OK);
        assert_eq!(list.C_WaitForSlotEvent.unwrap()(CKF_DONT_BLOCK, null_mut(), null_mut()), bad);
        assert_eq!(program.sign_init(session, CKM_SHA256_RSA_PKCS, key), CKR_OK);
        assert_eq!(list.C_SignUpdate.unwrap()(session, null_mut(), 5), bad);
        assert_eq!(list.C_SignUpdate.unwrap()(session, null_mut(), MANY), bad);
        assert_eq!(list.C_SignUpdate.unwrap()(session, null_mut(), 0), CKR_OK);
        assert_eq!(list.C_SignFinal.unwrap()(session, null_mut(), null_mut()), bad);
        assert_eq!(list.C_SignFinal.unwrap()(session, null_mut(), &raw mut length), CKR_OK);
    }
    assert_eq!(length, 256);
}

#[test]
fn lengths_that_no_memory_has_are_refused() {
    let program = Program::with("specimen");
    let list = program.list;
    let session = program.open(IDENTITY);
    let mut byte = 0_u8;
    let huge = |type_| CK_ATTRIBUTE { type_, pValue: (&raw const byte).cast_mut().cast(), ulValueLen: MANY };
    let mut template = [huge(CKA_LABEL), huge(CKA_ID)];
    let mut mechanism =
        CK_MECHANISM { mechanism: CKM_RSA_PKCS_PSS, pParameter: (&raw mut byte).cast(), ulParameterLen: MANY };
    // SAFETY: places of ours; the lengths lie, and nothing may be read by them.
    unsafe {
        assert_eq!(list.C_FindObjectsInit.unwrap()(session, template.as_mut_ptr(), MANY), CKR_ARGUMENTS_BAD);
        assert_eq!(list.C_FindObjectsInit.unwrap()(session, template.as_mut_ptr(), 2), CKR_ATTRIBUTE_VALUE_INVALID);
        assert_eq!(list.C_SignInit.unwrap()(session, &raw mut mechanism, 1), CKR_MECHANISM_PARAM_INVALID);
        assert_eq!(list.C_Login.unwrap()(session, CKU_USER, &raw mut byte, MANY), CKR_ARGUMENTS_BAD);
        assert_eq!(list.C_GenerateRandom.unwrap()(session, &raw mut byte, MANY), CKR_ARGUMENTS_BAD);
    }
}

#[test]
fn odd_addresses_are_as_good_as_even_ones() {
    let program = Program::with("specimen");
    let list = program.list;
    let mut memory = [0_u8; 4096];
    // SAFETY: all places lie in `memory`, one byte off every alignment.
    unsafe {
        let odd = memory.as_mut_ptr().add(1);
        let count = odd.cast::<CK_ULONG>();
        count.write_unaligned(8);
        let slots = odd.add(16).cast::<CK_SLOT_ID>();
        assert_eq!(list.C_GetSlotList.unwrap()(1, slots, count), CKR_OK);
        assert_eq!((count.read_unaligned(), slots.add(1).read_unaligned()), (2, SIGNATURE));
        assert_eq!(list.C_GetTokenInfo.unwrap()(IDENTITY, odd.add(64).cast()), CKR_OK);
        assert_eq!(list.C_GetInfo.unwrap()(odd.add(640).cast()), CKR_OK);
        let session = odd.add(32).cast::<CK_SESSION_HANDLE>();
        let rv = list.C_OpenSession.unwrap()(IDENTITY, CKF_SERIAL_SESSION, null_mut(), None, session);
        assert_eq!(rv, CKR_OK);
        let session = session.read_unaligned();
        let class = odd.add(1024).cast::<CK_OBJECT_CLASS>();
        class.write_unaligned(CKO_CERTIFICATE);
        let template = odd.add(1040).cast::<CK_ATTRIBUTE>();
        template.write_unaligned(CK_ATTRIBUTE { type_: CKA_CLASS, pValue: class.cast(), ulValueLen: 8 });
        assert_eq!(list.C_FindObjectsInit.unwrap()(session, template, 1), CKR_OK);
        assert_eq!(list.C_FindObjects.unwrap()(session, odd.add(2048).cast(), 4, count), CKR_OK);
        assert_eq!(count.read_unaligned(), 2);
    }
}

/// PKCS#11 2.40, 5.7: every attribute of a template is answered.
#[test]
fn attributes_that_cannot_be_told_do_not_hide_the_others() {
    let program = Program::with("specimen");
    let session = program.open(SIGNATURE);
    assert_eq!(program.login(session, CKU_USER, SIGN_PIN), CKR_OK);
    let key = program.object(session, CKO_PRIVATE_KEY);
    let (mut id, mut short, mut secret) = ([0_u8; 20], [0_u8; 3], [0_u8; 256]);
    let attribute = |type_, buffer: &mut [u8]| CK_ATTRIBUTE {
        type_,
        pValue: buffer.as_mut_ptr().cast(),
        ulValueLen: buffer.len() as CK_ULONG,
    };
    let mut template = [
        attribute(CKA_PRIVATE_EXPONENT, &mut secret),
        attribute(CKA_MODULUS, &mut short),
        attribute(CKA_OWNER, &mut []),
        CK_ATTRIBUTE { type_: CKA_LABEL, pValue: null_mut(), ulValueLen: 0 },
        attribute(CKA_ID, &mut id),
    ];
    // SAFETY: a template of ours.
    let rv = unsafe { program.list.C_GetAttributeValue.unwrap()(session, key, template.as_mut_ptr(), 5) };
    assert!([CKR_ATTRIBUTE_SENSITIVE, CKR_BUFFER_TOO_SMALL, CKR_ATTRIBUTE_TYPE_INVALID].contains(&rv), "{rv:#x}");
    let lengths = template.map(|attribute| attribute.ulValueLen);
    let none = CK_UNAVAILABLE_INFORMATION;
    assert_eq!(lengths, [none, none, none, "Signing key".len() as CK_ULONG, 20]);
    assert_eq!((short, secret), ([0; 3], [0; 256]));
    assert_ne!(id, [0; 20]);
}

#[test]
fn a_buffer_that_is_too_small_costs_neither_signature_nor_pin() {
    let program = Program::with("specimen");
    let list = program.list;
    let session = program.open(SIGNATURE);
    assert_eq!(program.login(session, CKU_USER, SIGN_PIN), CKR_OK);
    let key = program.object(session, CKO_PRIVATE_KEY);
    assert_eq!(program.sign_init(session, CKM_SHA256_RSA_PKCS, key), CKR_OK);
    assert_eq!(program.login(session, CKU_CONTEXT_SPECIFIC, SIGN_PIN), CKR_OK);
    let before = program.card.exchanges();
    let mut text = *b"text";
    let (mut small, mut length) = ([0xEE_u8; 255], 255);
    // SAFETY: places of ours.
    unsafe {
        let rv = list.C_Sign.unwrap()(session, text.as_mut_ptr(), 4, small.as_mut_ptr(), &raw mut length);
        assert_eq!((rv, length), (CKR_BUFFER_TOO_SMALL, 256));
        let rv = list.C_Sign.unwrap()(session, text.as_mut_ptr(), 4, null_mut(), &raw mut length);
        assert_eq!((rv, length), (CKR_OK, 256));
    }
    assert_eq!(small, [0xEE; 255]);
    assert_eq!(program.card.exchanges(), before);
    assert_eq!(program.sign(session, b"text").unwrap().len(), 256);
    assert_eq!(program.sign(session, b"text"), Err(CKR_OPERATION_NOT_INITIALIZED));
}

#[test]
fn what_a_card_does_not_do_is_said_so() {
    let program = Program::with("specimen");
    let list = program.list;
    let session = program.open(IDENTITY);
    let no = CKR_FUNCTION_NOT_SUPPORTED;
    // SAFETY: null pointers, which are not looked at.
    unsafe {
        assert_eq!(list.C_InitToken.unwrap()(IDENTITY, null_mut(), 0, null_mut()), no);
        assert_eq!(list.C_CreateObject.unwrap()(session, null_mut(), 0, null_mut()), no);
        assert_eq!(list.C_DecryptInit.unwrap()(session, null_mut(), 1), no);
        assert_eq!(
            list.C_GenerateKeyPair.unwrap()(session, null_mut(), null_mut(), 0, null_mut(), 0, null_mut(), null_mut()),
            no
        );
        assert_eq!(list.C_MessageSignInit.unwrap()(session, null_mut(), 1), no);
        assert_eq!(list.C_SeedRandom.unwrap()(session, null_mut(), 0), CKR_RANDOM_SEED_NOT_SUPPORTED);
        assert_eq!(list.C_GetFunctionStatus.unwrap()(session), CKR_FUNCTION_NOT_PARALLEL);
    }
}

/// Nonsense of every kind, by a generator that always makes the same: nothing may crash, and the card must still work.
#[test]
fn nonsense_is_borne() {
    let program = Program::with("specimen");
    let list = program.list;
    let session = program.open(IDENTITY);
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut memory = vec![0_u8; 8192];
    for _ in 0..20_000 {
        let mut pick = |choices: &[CK_ULONG]| choices[(random() % choices.len() as u64) as usize];
        let handle = pick(&[session, 0, session + 1, MANY]);
        let object = pick(&[1, 2, 3, 0, MANY]);
        let length = pick(&[0, 1, 8, 255, 256, 1024]);
        let kind = pick(&[CKM_SHA256, CKM_RSA_PKCS, CKM_SHA256_RSA_PKCS, CKM_SHA256_RSA_PKCS_PSS, CKM_ECDSA, MANY]);
        let at = pick(&[0, 1, 2, 3, 7, 16]) as usize;
        let wild = pick(&[0, 1]) == 0;
        let which = pick(&(0..16).collect::<Vec<_>>());
        let pointer = if wild { null_mut() } else { memory[at..].as_mut_ptr() };
        let mut count = length;
        let mut mechanism = CK_MECHANISM { mechanism: kind, pParameter: pointer.cast(), ulParameterLen: length };
        let mut attribute = CK_ATTRIBUTE {
            type_: pick(&[CKA_CLASS, CKA_ID, CKA_VALUE, MANY]),
            pValue: pointer.cast(),
            ulValueLen: length,
        };
        // SAFETY: every pointer is null or leads to more memory than any length here says.
        let rv = unsafe {
            match which {
                0 => list.C_SignInit.unwrap()(handle, &raw mut mechanism, object),
                1 => list.C_Sign.unwrap()(handle, pointer, length, pointer, &raw mut count),
                2 => list.C_SignUpdate.unwrap()(handle, pointer, length),
                3 => list.C_SignFinal.unwrap()(handle, pointer, &raw mut count),
                4 => list.C_VerifyInit.unwrap()(handle, &raw mut mechanism, object),
                5 => list.C_Verify.unwrap()(handle, pointer, length, pointer, length),
                6 => list.C_DigestInit.unwrap()(handle, &raw mut mechanism),
                7 => list.C_Digest.unwrap()(handle, pointer, length, pointer, &raw mut count),
                8 => list.C_DigestUpdate.unwrap()(handle, pointer, length),
                9 => list.C_DigestFinal.unwrap()(handle, pointer, &raw mut count),
                10 => list.C_FindObjectsInit.unwrap()(handle, &raw mut attribute, 1),
                11 => list.C_FindObjects.unwrap()(handle, pointer.cast(), length.min(64), &raw mut count),
                12 => list.C_FindObjectsFinal.unwrap()(handle),
                13 => list.C_GetAttributeValue.unwrap()(handle, object, &raw mut attribute, 1),
                14 => list.C_GenerateRandom.unwrap()(handle, pointer, length),
                _ => list.C_SessionCancel.unwrap()(handle, pick(&[CKF_SIGN, CKF_FIND_OBJECTS, MANY])),
            }
        };
        assert_ne!(rv, CKR_GENERAL_ERROR, "call {which} panicked");
    }
    let fresh = program.open(IDENTITY);
    assert_eq!(program.login(fresh, CKU_USER, ID_PIN), CKR_OK);
    let key = program.object(fresh, CKO_PRIVATE_KEY);
    assert_eq!(program.sign_init(fresh, CKM_SHA256_RSA_PKCS, key), CKR_OK);
    assert!(program.sign(fresh, b"text").is_ok());
}
