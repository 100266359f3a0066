//! Rows of a table in CSV, one after the other, with the line that each begins in.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::bounds::MOST_COLUMNS;
use crate::draft::short;
use crate::refused::FileRefused;

/// What stands between cells, as programs and countries have it.
pub(crate) const DELIMITERS: &[u8] = b",;\t|";

/// The row behind the last one. If it is not found, a quotation mark before it is still open.
const END: &str = "\u{1}";

/// How many rows may come before the names of the columns.
const MOST_BEFORE_NAMES: usize = 16;

/// One row.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct TableRow {
    /// The line in which it begins, from 1.
    pub(crate) line: usize,
    pub(crate) cells: Vec<String>,
}

impl TableRow {
    /// The cell in that column, trimmed; nothing where there is none.
    pub(crate) fn cell(&self, column: Option<usize>) -> &str {
        column
            .and_then(|at| self.cells.get(at))
            .map_or("", |cell| cell.trim())
    }
}

/// A table, being read.
pub(crate) struct Table {
    core: Reader,
    text: Vec<u8>,
    at: usize,
    line: usize,
    out: Vec<u8>,
    /// The names of the columns, in small letters, if they were looked for.
    names: Vec<String>,
    /// The beginning of each as it is written.
    labels: Vec<String>,
}

impl Table {
    pub(crate) fn new(text: &str, delimiter: u8) -> Self {
        let text = format!("{text}\n{END}").into_bytes();
        Self {
            core: ReaderBuilder::new().delimiter(delimiter).build(),
            at: 0,
            line: 1,
            // No row is longer than all of them.
            out: vec![0; text.len()],
            text,
            names: Vec::new(),
            labels: Vec::new(),
        }
    }

    /// The table behind the row that has all of these names of columns.
    pub(crate) fn with_names(text: &str, wanted: &[&str]) -> Option<Self> {
        // Cells of other delimiters would have these names among others.
        let is_there = |name: &&str| {
            text.get(..text.floor_char_boundary(64 * 1024))
                .unwrap_or(text)
                .to_lowercase()
                .contains(*name)
        };
        if !wanted.iter().all(is_there) {
            return None;
        }
        DELIMITERS.iter().find_map(|delimiter| {
            let mut table = Self::new(text, *delimiter);
            for _ in 0..MOST_BEFORE_NAMES {
                let row = table.next_row().ok()??;
                let names: Vec<String> = row.cells.iter().map(|cell| cell.trim().to_lowercase()).collect();
                if wanted.iter().all(|name| names.iter().any(|other| other == name)) {
                    table.names = names;
                    table.labels = row.cells.iter().map(|cell| short(cell)).collect();
                    return Some(table);
                }
            }
            None
        })
    }

    /// Which column has that name, in small letters.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| other == name)
    }

    /// The cells of a row in other columns than these, and behind the last one, with what the columns are called.
    pub(crate) fn others<'a>(
        &'a self,
        row: &'a TableRow,
        known: &'a [&'a str],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let cells = row.cells.iter().enumerate().filter(|(at, _)| {
            let name = self.names.get(*at);
            // Of two columns with one name, the first is read.
            !name.is_some_and(|name| known.contains(&name.as_str()) && self.column(name) == Some(*at))
        });
        cells.map(|(at, cell)| {
            let label = self.labels.get(at).filter(|label| !label.is_empty());
            (label.map_or("Also", String::as_str), cell.as_str())
        })
    }

    /// Whether a line ends with that byte, whatever ends lines here.
    fn ends_line(&self, at: usize) -> bool {
        match self.text.get(at) {
            Some(b'\n') => true,
            Some(b'\r') => self.text.get(at + 1) != Some(&b'\n'),
            _ => false,
        }
    }

    /// The next row that is not an empty line.
    pub(crate) fn next_row(&mut self) -> Result<Option<TableRow>, FileRefused> {
        while matches!(self.text.get(self.at), Some(b'\n' | b'\r')) {
            self.line += usize::from(self.ends_line(self.at));
            self.at += 1;
        }
        let mut ends = [0; MOST_COLUMNS + 1];
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (result, read, _, mut cells) = self.core.read_record(rest, &mut self.out, &mut ends);
        let is_end_of_text = result == ReadRecordResult::InputEmpty;
        if is_end_of_text {
            // It waits for more; that there is none is said by an empty text.
            let (_, _, _, more) =
                self.core
                    .read_record(&[], &mut [], ends.get_mut(cells..).unwrap_or_default());
            cells += more;
        }
        if result == ReadRecordResult::OutputEndsFull || cells > MOST_COLUMNS {
            return Err(FileRefused::TooManyColumns);
        }
        let line = self.line;
        self.line += (self.at..self.at + read).filter(|at| self.ends_line(*at)).count();
        self.at += read;
        if cells == 0 {
            return Ok(None);
        }
        let mut start = 0;
        let cells: Vec<String> = ends
            .iter()
            .take(cells)
            .map(|end| {
                let cell = self.out.get(start..*end).unwrap_or_default();
                start = *end;
                String::from_utf8_lossy(cell).into_owned()
            })
            .collect();
        match (is_end_of_text, cells.as_slice()) {
            (true, [one]) if one == END => Ok(None),
            (true, _) => Err(FileRefused::OpenQuote { line: line as u64 }),
            (false, _) => Ok(Some(TableRow { line, cells })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Result<Vec<(usize, Vec<String>)>, FileRefused> {
        let mut table = Table::new(text, b',');
        let mut rows = Vec::new();
        while let Some(row) = table.next_row()? {
            rows.push((row.line, row.cells));
        }
        Ok(rows)
    }

    #[test]
    fn a_row_knows_its_line() {
        let rows = |rows: &[(usize, &[&str])]| {
            Ok(rows
                .iter()
                .map(|(line, cells)| (*line, cells.iter().map(|cell| (*cell).to_owned()).collect()))
                .collect())
        };
        assert_eq!(
            all("a,b\n\n\"c\nd\",\"e\"\"f\"\ng"),
            rows(&[(1, &["a", "b"]), (3, &["c\nd", "e\"f"]), (5, &["g"])])
        );
        assert_eq!(
            all("a\r\nb\rc\r\n\r\nd"),
            rows(&[(1, &["a"]), (2, &["b"]), (3, &["c"]), (5, &["d"])])
        );
        assert_eq!(all("5\" rain,,"), rows(&[(1, &["5\" rain", "", ""])]));
        assert_eq!(all(""), rows(&[]));
        assert_eq!(all("\u{1}\na"), rows(&[(1, &["\u{1}"]), (2, &["a"])]));
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_told_with_its_line() {
        assert_eq!(all("a\nb,\"c\nd\ne\n"), Err(FileRefused::OpenQuote { line: 2 }));
        assert_eq!(all(&",".repeat(100)), Err(FileRefused::TooManyColumns));
        assert_eq!(
            all(&",".repeat(MOST_COLUMNS - 1)).unwrap()[0].1.len(),
            MOST_COLUMNS
        );
    }
}
