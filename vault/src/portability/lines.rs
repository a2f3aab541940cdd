//! The lines of an exported organization, within the seal. All of them but the last go into a SHA-256, which the last one
//! states beside the number of rows of each table.

use super::seal::{is_at_end, unreadable};
use super::{Begin, End, refused};
use crate::error::{VaultError, internal};
use crate::store::portability::{Cell, Kind, Table};
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead, Read as _, Write};
use zeroize::{Zeroize as _, Zeroizing};

/// Longer than any row: logos and bodies of webhooks are bounded far below.
const LONGEST: u64 = 32 * 1024 * 1024;

/// Rows by table.
pub(super) type Rows = BTreeMap<String, u64>;

/// Writes lines.
pub(super) struct LineWriter<W: Write> {
    out: W,
    digest: Sha256,
    rows: Rows,
    line: Zeroizing<Vec<u8>>,
}

impl<W: Write> LineWriter<W> {
    pub(super) fn begin(out: W, begin: &Begin) -> Result<Self, VaultError> {
        let mut writer = Self { out, digest: Sha256::new(), rows: Rows::new(), line: Zeroizing::default() };
        writer.value(begin)?;
        writer.write()?;
        Ok(writer)
    }

    /// Writes a row. Its cells are in the order of the table's columns; nothing in them is sealed any more.
    pub(super) fn row(&mut self, table: &'static Table, cells: &[Cell]) -> Result<(), VaultError> {
        self.line.extend_from_slice(b"{\"table\":");
        self.value(&table.name)?;
        self.line.extend_from_slice(b",\"row\":");
        for (at, ((kind, name), cell)) in table.columns().zip(cells).enumerate() {
            self.line.push(if at == 0 { b'{' } else { b',' });
            self.value(&name)?;
            self.line.push(b':');
            self.cell(kind, cell)?;
        }
        self.line.extend_from_slice(b"}}");
        *self.rows.entry(table.name.to_owned()).or_default() += 1;
        self.write()
    }

    /// Writes the last line. Gives what it was written to, and what it says.
    pub(super) fn end(mut self) -> Result<(W, End), VaultError> {
        let sha256 = HEXLOWER.encode(&self.digest.clone().finalize());
        let end = End { rows: std::mem::take(&mut self.rows), sha256 };
        self.line.extend_from_slice(b"{\"end\":");
        self.value(&end)?;
        self.line.push(b'}');
        self.write()?;
        Ok((self.out, end))
    }

    fn cell(&mut self, kind: Kind, cell: &Cell) -> Result<(), VaultError> {
        match cell {
            Cell::Null => self.value(&()),
            Cell::Text(text) => self.value(text.expose()),
            Cell::Number(number) => self.value(number),
            // What was sealed here is gone; an empty text is a text.
            Cell::Bytes(bytes) if kind == Kind::Sealed && bytes.expose().is_empty() => self.value(&[(); 0]),
            Cell::Bytes(bytes) => self.value(&*Zeroizing::new(BASE64.encode(bytes.expose()))),
        }
    }

    fn value(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), VaultError> {
        serde_json::to_writer(&mut *self.line, value).map_err(|e| internal("cannot write a line of the export", e))
    }

    fn write(&mut self) -> Result<(), VaultError> {
        self.line.push(b'\n');
        self.digest.update(&*self.line);
        let written = self.out.write_all(&self.line).map_err(|e| internal("cannot write the export", e));
        self.line.zeroize();
        written
    }
}

/// A line after the first.
pub(super) enum Line {
    Row { table: String, row: Map<String, Value> },
    End(End),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    table: Option<String>,
    row: Option<Map<String, Value>>,
    end: Option<End>,
}

/// Reads lines.
pub(super) struct LineReader<R: BufRead> {
    input: R,
    digest: Sha256,
    line: Zeroizing<Vec<u8>>,
    number: u64,
}

impl<R: BufRead> LineReader<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, digest: Sha256::new(), line: Zeroizing::default(), number: 0 }
    }

    /// The first line, as it is.
    pub(super) fn begin(&mut self) -> Result<&[u8], VaultError> {
        self.read()?;
        self.digest.update(&*self.line);
        Ok(&self.line)
    }

    /// The next line. After the last one nothing follows.
    pub(super) fn next(&mut self) -> Result<Line, VaultError> {
        self.read()?;
        let number = self.number;
        let wrong = |why: String| refused(format!("line {number} of the file is none of an export: {why}"));
        // What serde says of a value may repeat it, and it may be a secret.
        let line = serde_json::from_slice::<Read>(&self.line).map_err(|e| wrong(place(&e)))?;
        match line {
            Read { table: Some(table), row: Some(row), end: None } => {
                self.digest.update(&*self.line);
                Ok(Line::Row { table, row })
            }
            Read { table: None, row: None, end: Some(end) } => self.check(end).map(Line::End),
            _ => Err(wrong("it is neither a row nor the end".to_owned())),
        }
    }

    /// Whether the last line speaks of the lines before it, and is the last.
    fn check(&mut self, end: End) -> Result<End, VaultError> {
        if HEXLOWER.encode(&self.digest.clone().finalize()) != end.sha256 {
            return Err(refused("the file was changed: its lines do not have the SHA-256 that its end states"));
        }
        if !is_at_end(&mut self.input)? {
            return Err(refused("the file was changed: something follows its end"));
        }
        Ok(end)
    }

    fn read(&mut self) -> Result<(), VaultError> {
        self.line.zeroize();
        self.number += 1;
        let read = (&mut self.input).take(LONGEST).read_until(b'\n', &mut self.line).map_err(|e| unreadable(&e))?;
        if self.line.last() == Some(&b'\n') {
            return Ok(());
        }
        let long = u64::try_from(read).is_ok_and(|read| read == LONGEST);
        Err(refused(if long {
            format!("line {} of the file is longer than any of an export", self.number)
        } else {
            "the file is cut off: its end is missing".to_owned()
        }))
    }
}

/// Where a line cannot be read, in words that hold nothing of it.
fn place(error: &serde_json::Error) -> String {
    let what = if error.is_data() { "an unknown or missing member" } else { "it is not JSON" };
    format!("{what}, at character {}", error.column())
}
