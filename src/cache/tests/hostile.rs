//! Hostile text goes in and comes out to the byte.

use super::*;

#[test]
fn naughty_strings_come_back_byte_for_byte() {
    let Ok(text) = std::fs::read_to_string("../shared/corpora/blns.json") else {
        eprintln!("skipped: ../shared/corpora/blns.json is not there");
        return;
    };
    let strings: Vec<String> = serde_json::from_str(&text).unwrap();
    assert!(strings.len() > 400);
    let records: Vec<AnyRecord> = strings
        .iter()
        .enumerate()
        .map(|(n, text)| {
            let mut record = customer(&format!("c{n:04}"), text);
            record.remark = Some(text.clone());
            record.city = Some(text.clone());
            record.phones = vec![text.clone()];
            record.tags = vec![text.as_str().into()];
            record.any()
        })
        .collect();
    let bench = Bench::with(records.clone());
    for (record, text) in records.iter().zip(&strings) {
        let stored = bench.reader.record(Resource::Customers, &record.key()).unwrap().unwrap();
        assert_eq!(stored, record.to_json());
        let back: Customer = serde_json::from_str(&stored).unwrap();
        assert_eq!(back.name.as_bytes(), text.as_bytes());
    }
    assert_eq!(bench.keys(Scope::Customers).len(), strings.len());
}

#[test]
fn keys_are_data_and_never_sql() {
    let id = "c'; DROP TABLE customers; --\0:";
    let mut bench = Bench::with([customer(id, "x\0y").any()]);
    assert_eq!(bench.keys(Scope::Customers), [id]);
    assert!(bench.reader.record(Resource::Customers, id).unwrap().is_some());
    assert_eq!(bench.delete(Resource::Customers, id).rows, 1);
}
