//! The proof that a call comes from whoever has the app's secret: without it a stolen token is of
//! use to anybody. <https://developers.facebook.com/docs/facebook-login/security>.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::answer::Answer;
use crate::clock::Clock;

/// A proof is good for this long.
const PROOF_SECONDS: u64 = 300;

/// Facebook's clock, as well as its answers have told it: proofs are made by *its* time.
pub(super) struct TheirClock {
    ours: Arc<dyn Clock>,
    ahead_seconds: AtomicI64,
}

impl TheirClock {
    pub(super) fn new(ours: Arc<dyn Clock>) -> Self {
        Self {
            ours,
            ahead_seconds: AtomicI64::new(0),
        }
    }

    /// The present second.
    pub(super) fn second(&self) -> i64 {
        let ahead = self.ahead_seconds.load(Ordering::Relaxed);
        self.ours.now().as_second().saturating_add(ahead)
    }

    /// Learns the time from an answer; says whether the call was refused while our notion of the
    /// time was off by more than a proof lasts: then the same call may well be taken now.
    pub(super) fn learn(&self, answer: &Answer) -> bool {
        let Some(theirs) = answer.page_time() else {
            return false;
        };
        let ahead = theirs.as_second() - self.ours.now().as_second();
        let before = self.ahead_seconds.swap(ahead, Ordering::Relaxed);
        answer.status == 400 && before.abs_diff(ahead) > PROOF_SECONDS
    }
}

/// The parameters of the proof, made over the token and this moment, in seconds: it is good for
/// five minutes by Facebook's clock.
pub(super) fn appsecret_proof(
    secret: &SecretString,
    token: &SecretString,
    second: i64,
) -> [(&'static str, String); 2] {
    let sum = match Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) {
        Ok(mut mac) => {
            mac.update(format!("{}|{second}", token.expose_secret()).as_bytes());
            mac.finalize().into_bytes()
        }
        // A key of any length will do for this.
        Err(_) => Default::default(),
    };
    let proof = sum.iter().map(|byte| format!("{byte:02x}")).collect();
    [
        ("appsecret_proof", proof),
        ("appsecret_time", second.to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Held against `printf 'token|1700000000' | openssl dgst -sha256 -hmac secret`.
    #[test]
    fn the_proof_is_what_another_program_makes_of_the_same() {
        let [(_, proof), (_, time)] =
            appsecret_proof(&"secret".into(), &"token".into(), 1_700_000_000);
        assert_eq!(time, "1700000000");
        assert_eq!(
            proof,
            "3c81f1bf0544f53adccadbaf135235bf73451aadede41a90a122c46e93dcae64"
        );
    }
}
