//! A mail as it left the house, to be kept: small, and with a digest that shows any later change.
//! Where it is kept is in `store`.

use std::cell::RefCell;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use flate2::{Compress, Compression, FlushCompress, Status};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::fingerprint;

/// So much room a compressed mail is given more than it will probably need.
const ROOM: usize = 1024;

thread_local! {
    /// Making one takes longer than compressing a mail.
    static COMPRESS: RefCell<Compress> = RefCell::new(Compress::new(Compression::fast(), true));
}

/// A mail as it left the house: compressed, with its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    digest: String,
    /// In text as base64.
    #[serde(serialize_with = "as_base64", deserialize_with = "from_base64")]
    content: Vec<u8>,
}

impl Copy {
    /// Makes the copy of a mail; `None` of an empty one. Writing into memory does not fail.
    pub fn of(mail: &[u8]) -> Option<Self> {
        if mail.is_empty() {
            return None;
        }
        Some(Self { digest: fingerprint::of([mail]), content: compressed(mail)? })
    }

    /// Returns the SHA-256 of the mail, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Returns the mail, compressed (zlib).
    pub fn content(&self) -> &[u8] {
        &self.content
    }
}

fn compressed(mail: &[u8]) -> Option<Vec<u8>> {
    COMPRESS.with_borrow_mut(|compress| {
        compress.reset();
        let mut content = Vec::with_capacity(mail.len() / 2 + ROOM);
        loop {
            let done = usize::try_from(compress.total_in()).ok()?;
            match compress.compress_vec(&mail[done..], &mut content, FlushCompress::Finish).ok()? {
                Status::StreamEnd => return Some(content),
                Status::Ok | Status::BufError => content.reserve(content.len() + ROOM),
            }
        }
    })
}

fn as_base64<S: Serializer>(content: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64_STANDARD.encode(content))
}

fn from_base64<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = <&str>::deserialize(deserializer)?;
    BASE64_STANDARD.decode(text).map_err(de::Error::custom)
}
