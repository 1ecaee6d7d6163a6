//! One frame: magic, length, place, checksum, payload. Pure.

use crate::ledger::store::StoreError;

/// What every frame starts with: after a damaged place, reading goes on at the next one.
pub(super) const MAGIC: [u8; 4] = *b"loa\x01";
/// Magic, length (4), place (8) and checksum (4).
pub(super) const HEADER_BYTES: usize = 20;
/// A longer payload is a mistake: the longest event holds one article's text.
pub(super) const PAYLOAD_BYTES_MAX: usize = 16 << 20;

/// Appends a frame to `out`.
pub(super) fn encode(seq: u64, payload: &[u8], out: &mut Vec<u8>) -> Result<(), StoreError> {
    let length = u32::try_from(payload.len())
        .ok()
        .filter(|length| *length as usize <= PAYLOAD_BYTES_MAX)
        .ok_or_else(|| StoreError::Damaged(format!("event {seq} is too long to be one")))?;
    out.extend(MAGIC);
    out.extend(length.to_be_bytes());
    out.extend(seq.to_be_bytes());
    out.extend(checksum(length, seq, payload).to_be_bytes());
    out.extend(payload);
    Ok(())
}

/// What stands at the beginning of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// A whole frame of so many bytes.
    Frame {
        seq: u64,
        payload: &'a [u8],
        bytes: usize,
    },
    /// The beginning of a frame, and then the end of the file.
    Torn,
    /// No frame.
    Garbage,
}

/// Reads the frame at the beginning of `bytes`.
pub(super) fn decode(bytes: &[u8]) -> Found<'_> {
    let shared = MAGIC.len().min(bytes.len());
    if bytes.get(..shared) != MAGIC.get(..shared) {
        return Found::Garbage;
    }
    let (Some(length), Some(seq), Some(sum)) = (
        number::<4>(bytes, 4).map(u32::from_be_bytes),
        number::<8>(bytes, 8).map(u64::from_be_bytes),
        number::<4>(bytes, 16).map(u32::from_be_bytes),
    ) else {
        return Found::Torn;
    };
    let end = HEADER_BYTES + length as usize;
    if length as usize > PAYLOAD_BYTES_MAX {
        return Found::Garbage;
    }
    match bytes.get(HEADER_BYTES..end) {
        None => Found::Torn,
        Some(payload) if checksum(length, seq, payload) == sum => Found::Frame {
            seq,
            payload,
            bytes: end,
        },
        Some(_) => Found::Garbage,
    }
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

/// The checksum of a small text that is kept beside the journal.
pub(in crate::ledger) fn text_sum(text: &str) -> u32 {
    crc32fast::hash(text.as_bytes())
}

fn checksum(length: u32, seq: u64, payload: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&length.to_be_bytes());
    sum.update(&seq.to_be_bytes());
    sum.update(payload);
    sum.finalize()
}
