//! Tokens: who somebody is and until when, signed with Ed25519 in the form of a JWT. Asks nobody and keeps nothing.

use std::fs;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

/// A token is good for so long, in seconds.
pub(super) const LIFE: i64 = 30;

/// The header in which one pod tells another in whose name it calls; on an answer: that was not believed.
pub(super) const SERVICE_TOKEN: &str = "x-service-token";

/// Clocks may differ by so much, in seconds.
const LEEWAY: i64 = 5;

/// What a token says; times in seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    /// Who.
    pub sub: String,
    /// When it was made.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
}

#[derive(Serialize, Deserialize)]
struct Head {
    alg: String,
    kid: String,
}

/// A public key by which tokens are checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PublicKey {
    /// Its name.
    pub kid: String,
    /// The key, base64url.
    pub x: String,
}

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It is no token.
    Malformed,
    /// Nobody knows the key it was signed with.
    UnknownKey,
    /// The signature is not that of the key.
    BadSignature,
    /// It was made in the future.
    NotYet,
    /// It has ended.
    Ended,
}

/// Signs tokens.
pub(super) struct Signer {
    pair: Ed25519KeyPair,
    public: PublicKey,
    head: String,
}

impl Signer {
    /// With the key in the file, or with a new one that is put there.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let key = match fs::read(path) {
            Ok(key) => key,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
                let key = key.map_err(|_| io::Error::other("no random key can be made"))?;
                fs::write(path, key.as_ref())?;
                key.as_ref().to_vec()
            }
            Err(error) => return Err(error),
        };
        Self::new(&key).map_err(|error| io::Error::other(format!("the key is no good: {error}")))
    }

    fn new(pkcs8: &[u8]) -> Result<Self, ring::error::KeyRejected> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8)?;
        let x = URL_SAFE_NO_PAD.encode(pair.public_key());
        let public = PublicKey { kid: x.chars().take(8).collect(), x };
        let head = Head { alg: "EdDSA".to_owned(), kid: public.kid.clone() };
        Ok(Self { pair, head: part(&head), public })
    }

    /// The key to check its tokens by.
    pub(super) const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// A token for `sub`, made at `now` (milliseconds since 1970).
    pub(super) fn sign(&self, sub: String, now: i64) -> (String, Claims) {
        let iat = now.div_euclid(1_000);
        let claims = Claims { sub, iat, exp: iat + LIFE };
        let signed = format!("{}.{}", self.head, part(&claims));
        let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(signed.as_bytes()));
        (format!("{signed}.{signature}"), claims)
    }
}

fn part(value: &impl Serialize) -> String {
    // What cannot be written becomes an empty part, which nobody believes.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap_or_default())
}

fn read<T: for<'a> Deserialize<'a>>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// What the token says, if one of the keys has signed it; says nothing about the time.
pub(super) fn check(token: &str, keys: &[PublicKey]) -> Result<Claims, Doubt> {
    let (signed, signature) = token.rsplit_once('.').ok_or(Doubt::Malformed)?;
    let (head, claims) = signed.split_once('.').ok_or(Doubt::Malformed)?;
    let head: Head = read(head).ok_or(Doubt::Malformed)?;
    if head.alg != "EdDSA" {
        return Err(Doubt::Malformed);
    }
    let key = keys.iter().find(|key| key.kid == head.kid).ok_or(Doubt::UnknownKey)?;
    let key = URL_SAFE_NO_PAD.decode(&key.x).map_err(|_| Doubt::UnknownKey)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Doubt::Malformed)?;
    UnparsedPublicKey::new(&ED25519, key)
        .verify(signed.as_bytes(), &signature)
        .map_err(|_| Doubt::BadSignature)?;
    read(claims).ok_or(Doubt::Malformed)
}

impl Claims {
    /// Whether they hold at `now` (milliseconds since 1970), or up to `grace` seconds after their end.
    pub(super) fn hold(&self, now: i64, grace: i64) -> Result<(), Doubt> {
        let now = now.div_euclid(1_000);
        if now < self.iat - LEEWAY {
            return Err(Doubt::NotYet);
        }
        if now > self.exp + LEEWAY + grace {
            return Err(Doubt::Ended);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_key_has_signed_is_believed() {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| Signer::open(&folder.path().join(name)).unwrap();
        let (ours, again, other) = (open("ours"), open("ours"), open("other"));
        assert_eq!(ours.public(), again.public(), "the key is kept");
        let keys = [ours.public().clone()];
        let (token, claims) = again.sign("customer-7".to_owned(), 1_000_500);
        assert_eq!(check(&token, &keys), Ok(claims.clone()));
        assert_eq!((claims.iat, claims.exp), (1_000, 1_030));
        let (foreign, _) = other.sign("customer-7".to_owned(), 1_000_500);
        assert_eq!(check(&foreign, &keys), Err(Doubt::UnknownKey));
        let named = PublicKey { kid: other.public().kid.clone(), x: keys[0].x.clone() };
        assert_eq!(check(&foreign, &[named]), Err(Doubt::BadSignature));
        let parts: Vec<&str> = token.split('.').collect();
        let forged = part(&Claims { sub: "customer-8".to_owned(), ..claims });
        let forged = format!("{}.{forged}.{}", parts[0], parts[2]);
        assert_eq!(check(&forged, &keys), Err(Doubt::BadSignature));
        let none = format!("{}.{}.", part(&serde_json::json!({"alg":"none","kid":""})), parts[1]);
        for text in ["", ".", "a.b.c", &none, &token[..token.len() - 90]] {
            assert!(check(text, &keys).is_err(), "{text:?}");
        }
    }

    #[test]
    fn times_are_looked_at_with_a_leeway() {
        let claims = Claims { sub: String::new(), iat: 100, exp: 130 };
        for (second, grace, expected) in [
            (94, 0, Err(Doubt::NotYet)),
            (95, 0, Ok(())),
            (135, 0, Ok(())),
            (136, 0, Err(Doubt::Ended)),
            (136, 600, Ok(())),
            (736, 600, Err(Doubt::Ended)),
        ] {
            assert_eq!(claims.hold(second * 1_000, grace), expected, "{second} {grace}");
        }
    }
}
