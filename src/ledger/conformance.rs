//! What every store must do, whatever it is made of.

use super::store::{Frame, Store, Tables, Write};

/// Exercises a kind of store. `fresh` makes an empty one.
pub(super) fn exercise(fresh: impl Fn() -> Box<dyn Store>) {
    what_was_appended_is_read_back(fresh());
    a_later_write_wins_and_a_removal_removes(fresh());
    rows_come_in_order_and_only_those_asked_for(fresh());
    a_visit_ends_when_it_says_so(fresh());
}

/// A frame that writes rows; an empty value removes.
pub(super) fn frame(seq: u64, rows: &[(&str, &str)]) -> Frame {
    let writes = rows.iter().map(|(key, value)| Write {
        key: key.as_bytes().to_vec(),
        value: (!value.is_empty()).then(|| value.as_bytes().to_vec()),
    });
    Frame {
        seq,
        payload: rows
            .iter()
            .flat_map(|(key, value)| [key.as_bytes(), b"=", value.as_bytes(), b";"].concat())
            .collect(),
        writes: writes.collect(),
    }
}

/// Every row under a prefix, as text.
pub(super) fn rows(store: &(impl Tables + ?Sized), prefix: &str) -> Vec<String> {
    let mut found = Vec::new();
    store
        .scan(prefix.as_bytes(), &mut |key, value| {
            let (key, value) = (String::from_utf8_lossy(key), String::from_utf8_lossy(value));
            found.push(format!("{key}={value}"));
            true
        })
        .unwrap();
    found
}

fn what_was_appended_is_read_back(mut store: Box<dyn Store>) {
    assert_eq!(store.last_seq(), 0);
    store
        .append(vec![frame(1, &[("a", "1")]), frame(2, &[("b", "2")])])
        .unwrap();
    assert_eq!(store.last_seq(), 2);
    assert_eq!(store.get(b"a").unwrap().as_deref(), Some(b"1".as_slice()));
    assert_eq!(store.get(b"c").unwrap(), None);
    assert_eq!(
        store.payload(2).unwrap().as_deref(),
        Some(b"b=2;".as_slice())
    );
    assert_eq!(store.payload(0).unwrap(), None);
    assert_eq!(store.payload(3).unwrap(), None);
}

fn a_later_write_wins_and_a_removal_removes(mut store: Box<dyn Store>) {
    let frames = vec![
        frame(1, &[("a", "1"), ("b", "1")]),
        frame(2, &[("a", "2"), ("b", "")]),
    ];
    store.append(frames).unwrap();
    assert_eq!(rows(store.as_ref(), "a"), ["a=2"]);
    assert_eq!(store.get(b"b").unwrap(), None);
}

fn rows_come_in_order_and_only_those_asked_for(mut store: Box<dyn Store>) {
    let given = [("r/2", "x"), ("s/1", "x"), ("r/10", "x"), ("q/9", "x")];
    store.append(vec![frame(1, &given)]).unwrap();
    assert_eq!(rows(store.as_ref(), "r/"), ["r/10=x", "r/2=x"]);
}

fn a_visit_ends_when_it_says_so(mut store: Box<dyn Store>) {
    store
        .append(vec![frame(1, &[("a1", "x"), ("a2", "x"), ("a3", "x")])])
        .unwrap();
    let mut visits = 0;
    store
        .scan(b"a", &mut |_, _| {
            visits += 1;
            visits < 2
        })
        .unwrap();
    assert_eq!(visits, 2);
}

#[test]
fn the_store_in_memory_does_what_every_store_must() {
    exercise(|| Box::new(super::memory::MemoryStore::default()));
}
