//! The community goes on while one looks: changes come by the feed, the server goes and comes.

use serde_json::json;
use siyu::app::{Detail, Link, Pane};
use siyu::model::{Customer, FollowUp, Record, Resource, Tag};

use crate::runner::{Runner, ready};
use crate::town;

fn change_customer(console: &Runner, id: &str, change: impl FnOnce(&mut Customer)) {
    let mut customer: Customer = town::record(&console.store, Resource::Customers, id);
    change(&mut customer);
    console.store.put(&[customer.any()]).unwrap();
}

#[test]
fn a_change_at_the_server_appears_without_moving_one() {
    let mut console = ready();
    console.keys("4 j j j 1 1 0 j").settled();
    let at = console.customer();
    let other = console.customers()[3].clone();
    change_customer(&console, &other, |customer| customer.name = "改了名字".to_owned());
    console.wait_for("the new name", |screen| screen.has("改了名字"));
    assert_eq!(console.customer(), at);
    assert_eq!(console.app().focus, Pane::Customers);
    // A record that comes in above pushes the rows down, and one stays on one's own.
    console.keys("o").text("name").keys("enter g g 5 j").settled();
    let (at, cursor) = (console.customer(), console.app().customers.cursor);
    let new = Customer { id: "c9999999".into(), name: "0 first of all".to_owned(), ..Customer::default() };
    console.store.put(&[new.any()]).unwrap();
    console.wait_until("one more", |console| console.app().customers.total() == 301);
    assert_eq!((console.customer(), console.app().customers.cursor), (at.clone(), cursor + 1));
    console.store.delete(Resource::Customers, "c9999999").unwrap();
    console.wait_until("one less", |console| console.app().customers.total() == 300);
    assert_eq!((console.customer(), console.app().customers.cursor), (at, cursor));
}

#[test]
fn marks_filters_and_open_lines_outlive_what_comes_in() {
    let mut console = ready();
    console.text("/stage:new").keys("enter space space");
    console.keys("/").text(" c");
    let id = console.customers()[4].clone();
    change_customer(&console, &id, |customer| customer.stage = Some("lost".to_owned()));
    let total = console.app().customers.total();
    console.wait_until("one less", |console| console.app().customers.total() != total);
    assert!(console.screen().has("/ stage:new  c"), "{}", console.screen());
    console.keys("esc").settled();
    assert_eq!(console.app().marks(Pane::Customers).unwrap().len(), 2);
}

#[test]
fn every_pane_and_an_open_detail_follow() {
    let mut console = ready();
    let tag = console.app().tags.current().unwrap().clone();
    let follow_up = console.app().follow_ups.current().unwrap().row.clone();
    let group = console.app().groups.current().unwrap().row.clone();
    let mut record: Tag = town::record(&console.store, Resource::Tags, tag.id.as_str());
    record.name = "换了名的标签".to_owned();
    let mut due: FollowUp = town::record(&console.store, Resource::FollowUps, follow_up.id.as_str());
    due.title = "换了题的跟进".to_owned();
    let mut chat: siyu::model::Group = town::record(&console.store, Resource::Groups, group.id.as_str());
    chat.name = "换了名的群".to_owned();
    console.store.put(&[record.any(), due.any(), chat.any()]).unwrap();
    for name in ["换了名的标签", "换了题的跟进", "换了名的群"] {
        console.wait_for(name, |screen| screen.has(name));
    }
    console.keys("4 enter").settled();
    let mut due: FollowUp = town::record(&console.store, Resource::FollowUps, follow_up.id.as_str());
    due.body = Some("正在看的时候写进来的".to_owned());
    console.store.put(&[due.any()]).unwrap();
    console.wait_for("the new text in the detail", |screen| screen.has("正在看的时候写进来的"));
    console.store.delete(Resource::FollowUps, follow_up.id.as_str()).unwrap();
    console.wait_until("word that it is gone", |console| match console.app().details.last() {
        Some(Detail::FollowUp(detail)) => detail.record.missing,
        _ => false,
    });
    console.keys("q").settled();
    assert_ne!(console.app().follow_ups.current().unwrap().row.id, follow_up.id);
}

#[test]
fn what_others_write_over_http_appears_in_panes_and_in_the_open_timeline() {
    let mut console = ready();
    console.keys("j j j").settled();
    let (row, name) = (console.app().customers.current().unwrap().row.clone(), console.customer());
    console.keys("enter").settled();
    let path = format!("/v1/customers/{}", row.id.as_str());
    console.write("POST", &format!("{path}/events"), &json!({"kind": "call", "title": "刚打来的电话"}));
    console.wait_for("the call in the timeline", |screen| screen.has("刚打来的电话"));
    console.keys("q").settled();
    assert_eq!(console.customer(), name);
    console.write("PATCH", &path, &json!({"name": "门店改了名"}));
    console.wait_until("the new name under the cursor", |console| console.customer() == "门店改了名");
    console.keys("4 j").settled();
    let at = console.app().follow_ups.current().unwrap().row.id.clone();
    let follow_up = json!({
        "customer_id": row.id, "title": "别人写的跟进", "due_at": "2026-03-01T10:00:00+08:00"
    });
    console.write("POST", "/v1/follow_ups", &follow_up);
    console.wait_for("the new follow-up", |screen| screen.has("别人写的跟进"));
    assert_eq!(console.app().follow_ups.current().unwrap().row.id, at, "it came in above");
    let rows = &console.app().follow_ups.window.rows;
    let new = rows.iter().find(|at| at.row.title == "别人写的跟进").unwrap().row.id.clone();
    console.write("PATCH", &format!("/v1/follow_ups/{}", new.as_str()), &json!({"status": "done"}));
    console.wait_for("it to be gone", |screen| !screen.has("别人写的跟进"));
    assert_eq!(console.app().follow_ups.current().unwrap().row.id, at);
}

#[test]
fn the_server_goes_and_keys_go_on_and_it_comes_back_by_itself() {
    let mut console = ready();
    assert!(console.screen().rows[0].contains("live"), "{}", console.screen());
    console.stop_server();
    console.wait_for("word that it is away", |screen| screen.rows[0].contains("offline"));
    assert!(!console.notice().is_empty(), "why is told once");
    console.keys("j j").text("/stage:active").keys("enter enter").settled();
    let Some(Detail::Customer(detail)) = console.app().details.last() else { panic!() };
    assert!(detail.record.view.is_some(), "it works from the cache");
    console.keys("q X").settled();
    assert_eq!(console.app().customers.total(), 300);
    let id = console.customers()[2].clone();
    change_customer(&console, &id, |customer| customer.name = "断线时改的".to_owned());
    assert!(!console.screen().has("断线时改的"));
    console.start_server().caught_up();
    console.wait_for("what was missed", |screen| screen.has("断线时改的"));
    assert!(matches!(console.app().header.link, Link::Online { live: Some(_), .. }));
    assert!(!console.screen().rows[0].contains("offline"), "{}", console.screen());
}
