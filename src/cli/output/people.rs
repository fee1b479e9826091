//! Standard output for people: what stands in a plan, an answer or a server's reply gets no hold of the terminal.
//! What programs read (`--format json`, a mail with `--eml`) is written as it is, by its own rules.

use std::io::{self, StdoutLock, Write};

use crate::finding::visible;

/// Writes texts so that every control character in them is seen and not obeyed.
pub(crate) struct ForPeople<W>(W);

/// Returns standard output for people. Each write must be of whole characters, as those of `write!` are.
pub(crate) fn for_people() -> ForPeople<StdoutLock<'static>> {
    ForPeople(io::stdout().lock())
}

impl<W: Write> Write for ForPeople<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(visible(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
