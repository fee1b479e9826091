//! Fingerprints of texts: the same for the same texts, on every machine and in every version of the program.
//! What is compared by them is decided in `rules`, `project` and `store`.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// A fingerprint that is taken piece by piece.
#[derive(Debug, Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Goes on with `bytes`; where one piece ends and the next begins does not count.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the SHA-256 over all pieces, in hexadecimal.
    pub fn text(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Returns `bytes` in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

/// Returns the SHA-256 over `parts`, each preceded by its length, in hexadecimal.
pub fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut fingerprint = Fingerprint::default();
    for part in parts {
        fingerprint.add(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        fingerprint.add(part);
    }
    fingerprint.text()
}

#[cfg(test)]
mod tests {
    #[test]
    fn texts_that_only_read_alike_have_different_fingerprints() {
        let of = |parts: &[&str]| super::of(parts.iter().map(|part| part.as_bytes()));
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["ab", ""]), of(&["ab"]));
        assert_eq!(of(&[]).len(), 64);
    }
}
