//! The rows of the pane are those of the server's own database, found there by other code.

use std::collections::BTreeSet;

use siyu::app::Pane;
use siyu::model::{Customer, Resource};

use crate::runner::{Runner, ready};
use crate::town;

/// Ids of all rows that the customers pane shows for a filter.
fn shown(console: &mut Runner, filter: &str) -> BTreeSet<String> {
    console.keys("1 X").paste(filter).keys("enter g u *").settled();
    let marks = console.app().marks(Pane::Customers).unwrap();
    assert_eq!(marks.len() as u64, console.app().customers.total(), "{filter}");
    marks.iter().map(str::to_owned).collect()
}

fn ids(customers: &[Customer], fits: impl Fn(&Customer) -> bool) -> BTreeSet<String> {
    customers.iter().filter(|customer| fits(customer)).map(|customer| customer.id.0.clone()).collect()
}

/// What free text is looked for in.
fn texts(customer: &Customer) -> Vec<&str> {
    [Some(customer.name.as_str()), customer.alias.as_deref(), customer.remark.as_deref()]
        .into_iter()
        .flatten()
        .chain(customer.phones.iter().map(String::as_str))
        .chain(customer.relations.iter().filter_map(|relation| relation.remark.as_deref()))
        .collect()
}

#[test]
fn chinese_of_any_length_finds_what_the_server_holds() {
    let mut console = ready();
    let customers: Vec<Customer> = town::records(&console.store, Resource::Customers);
    let han = |text: &str| text.chars().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
    let cut = |length: usize| {
        let pieces = customers.iter().flat_map(texts).flat_map(move |text| {
            let chars: Vec<char> = text.chars().collect();
            let pieces: Vec<String> = chars.windows(length).map(|piece| piece.iter().collect()).collect();
            pieces
        });
        let pieces: BTreeSet<String> = pieces.filter(|piece| han(piece)).collect();
        pieces.into_iter().step_by(37).take(6).collect::<Vec<_>>()
    };
    let mut found = 0;
    for length in [1, 2, 4] {
        let pieces = cut(length);
        assert!(!pieces.is_empty(), "no text of {length} characters");
        for piece in pieces {
            let expected =
                ids(&customers, |customer| texts(customer).iter().any(|text| text.contains(&piece)));
            assert_eq!(shown(&mut console, &piece), expected, "{piece}");
            found += expected.len();
        }
    }
    assert!(found > 20, "{found}");
}

#[test]
fn pinyin_finds_whoever_is_called_so_and_every_reading_of_a_polyphone() {
    let mut console = ready();
    let customers: Vec<Customer> = town::records(&console.store, Resource::Customers);
    // Characters and how they are read, by hand.
    for (typed, readings) in [("zhang", "张章璋彰掌帐长"), ("shan", "单山珊姗善闪杉衫"), ("zeng", "曾增")]
    {
        let found = shown(&mut console, typed);
        let expected = ids(&customers, |customer| customer.name.contains(|c| readings.contains(c)));
        assert!(expected.is_subset(&found), "{typed}: {:?}", expected.difference(&found));
        for id in found {
            let customer = customers.iter().find(|customer| customer.id.0 == id).unwrap();
            let sounds = texts(customer)
                .iter()
                .any(|text| siyu::query::pinyin_matches(text, typed) || text.to_lowercase().contains(typed));
            assert!(sounds, "{typed}: {:?}", texts(customer));
        }
    }
}

#[test]
fn conditions_give_what_the_server_holds() {
    let mut console = ready();
    let customers: Vec<Customer> = town::records(&console.store, Resource::Customers);
    let tag = console.app().tags.tags.iter().find(|tag| tag.name == "VIP").unwrap().clone();
    let tagged = |customer: &Customer| customer.tags.contains(&tag.id);
    let rich = |customer: &Customer| customer.ltv.is_some_and(|ltv| ltv >= 100_000);
    let name = &tag.name;
    for (filter, expected) in [
        (format!("tag:{name}"), ids(&customers, tagged)),
        (format!("-tag:{name}"), ids(&customers, |customer| !tagged(customer))),
        ("ltv:>=¥1000".to_owned(), ids(&customers, rich)),
        (format!("tag:{name} ltv:>=¥1000"), ids(&customers, |it| tagged(it) && rich(it))),
        (format!("tag:{name} OR ltv:>=¥1000"), ids(&customers, |it| tagged(it) || rich(it))),
        ("has:phone".to_owned(), ids(&customers, |customer| !customer.phones.is_empty())),
    ] {
        let found = shown(&mut console, &filter);
        assert_eq!(found, expected, "{filter}");
        assert!(!found.is_empty(), "{filter} finds nobody");
    }
}
