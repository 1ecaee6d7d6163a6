//! Quotes and brackets: which of them belong together.

/// What opens, and by what it is closed. A straight quote does both.
const KINDS: [(char, char); 6] = [
    ('“', '”'),
    ('«', '»'),
    ('(', ')'),
    ('[', ']'),
    ('‘', '’'),
    ('"', '"'),
];

/// Quotes and brackets do not nest deeper.
const DEPTH_MAX: usize = 20;

/// The pairs of quotes and brackets in a text. What a newsroom forgot to open or to close belongs to
/// none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pairs {
    all: Vec<Pair>,
}

/// Where a pair opens and closes, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pair {
    opens: usize,
    closes: usize,
    closer: char,
}

impl Pairs {
    pub(super) fn of(text: &str) -> Self {
        let mut all = Vec::new();
        let mut open: Vec<(usize, char)> = Vec::new();
        for (at, letter) in text.char_indices() {
            let Some((opener, closer)) = KINDS
                .into_iter()
                .find(|(opener, closer)| [*opener, *closer].contains(&letter))
            else {
                continue;
            };
            let is_open = |(_, other): &(usize, char)| *other == closer;
            // Only so many are looked back at as could be meant.
            let near = open.len().saturating_sub(DEPTH_MAX);
            let found = open
                .get(near..)
                .unwrap_or_default()
                .iter()
                .rposition(is_open);
            match found.filter(|_| letter == closer) {
                Some(place) => {
                    open.truncate(near + place + 1);
                    let opens = open.pop().map_or(at, |(opens, _)| opens);
                    all.push(Pair {
                        opens,
                        closes: at,
                        closer,
                    });
                }
                None if letter == opener => open.push((at, closer)),
                None => {}
            }
        }
        all.sort_by_key(|pair| pair.opens);
        Self { all }
    }

    /// Those that are open at a place, the outermost first: where they open, and what closes them.
    pub(super) fn open_at(&self, place: usize) -> Vec<(usize, char)> {
        let before = self.all.iter().take_while(|pair| pair.opens < place);
        let open = before.filter(|pair| pair.closes >= place);
        open.map(|pair| (pair.opens, pair.closer)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_partner_is_no_pair_and_the_others_find_theirs() {
        for (text, open) in [
            ("“một |cửa”", "”"),
            ("“một cửa, “một |cửa” ở xã", "”"),
            ("“một cửa, |“một cửa” ở xã", ""),
            ("“một cửa (liên |thông” ở xã", "”"),
            ("“Bà bảo: ‘Trồng |đi’ nên trồng”", "”’"),
            ("a) hộ |nghèo; b) hộ cận nghèo", ""),
            ("Ông nói: \"Tốt |lắm\" rồi \"cười\"", "\""),
            ("[theo (điều |5)]", "])"),
        ] {
            let place = text.find('|').unwrap();
            let found = Pairs::of(&text.replace('|', "")).open_at(place);
            let closers: String = found.iter().map(|(_, closer)| closer).collect();
            assert_eq!(closers, open, "{text}");
        }
    }
}
