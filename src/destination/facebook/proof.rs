//! The proof that a call comes from whoever has the app's secret: without it a stolen token is of
//! use to anybody. <https://developers.facebook.com/docs/facebook-login/security>.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

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
