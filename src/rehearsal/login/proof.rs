//! `appsecret_proof`, in both forms that are in use:
//! <https://developers.facebook.com/docs/facebook-login/security>.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

/// A proof with a time is good for this long.
const PROOF_SECONDS: i64 = 300;

/// Whether the proof was made with the secret: over the token, or over token and time.
pub(super) fn holds(
    secret: &str,
    token: &str,
    proof: &str,
    time: Option<&str>,
    now: Timestamp,
) -> bool {
    let Some(time) = time else {
        return proof == made(secret, token);
    };
    let fresh = time
        .parse::<i64>()
        .is_ok_and(|seconds| (now.as_second() - seconds).abs() <= PROOF_SECONDS);
    fresh && proof == made(secret, &format!("{token}|{time}"))
}

fn made(secret: &str, text: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(text.as_bytes());
    let sum = mac.finalize().into_bytes();
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}
