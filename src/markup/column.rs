//! Tables that were written out as text: SharePoint's feeds put every column of a list into one
//! description. Pure.

use super::{fragment, text_of};

/// One column of a table that was written out as text, each on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its label, with the colon.
    pub label: String,
    /// What stands behind it.
    pub text: String,
}

/// The columns in some HTML: lines that begin with a label in bold.
pub fn labelled(html: &str) -> Vec<Column> {
    if !html.contains("<div") || !html.contains(':') {
        return Vec::new();
    }
    let document = fragment(html);
    let bold = document.select("div > b:first-child, div > strong:first-child");
    // Columns stand beside each other; what nests would be read again for each.
    let mut unread = html.len();
    let columns = bold.nodes().iter().map_while(|bold| {
        let label = text_of(bold);
        let line = text_of(&bold.parent()?);
        unread = unread.checked_sub(line.len())?;
        let text = line.strip_prefix(&label).map(str::trim_start);
        let column = text.filter(|_| label.ends_with(':')).map(|text| Column {
            text: text.to_owned(),
            label,
        });
        Some(column)
    });
    let columns = columns.flatten();
    columns.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_table_that_was_written_out_are_told_apart() {
        let html = "<div><b>Tiêu đề:</b> Cầu mới</div>\n<div><b>Tóm tắt:</b> <div><p>Sáng nay.</p></div></div>\
                    <div>Theo <b>báo:</b> tin</div>";
        let columns: Vec<(String, String)> = labelled(html)
            .into_iter()
            .map(|column| (column.label, column.text))
            .collect();
        let wanted = [("Tiêu đề:", "Cầu mới"), ("Tóm tắt:", "Sáng nay.")];
        assert_eq!(
            columns,
            wanted.map(|(label, text)| (label.to_owned(), text.to_owned()))
        );
    }
}
