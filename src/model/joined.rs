//! A customer out of parts: what each operator has with the same person.

use super::Customer;

impl Customer {
    /// The customer that parts come to; `None` of none. Whoever was first says what only one can say; lists
    /// have what any of them has, in that order.
    pub fn joined(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut parts: Vec<Self> = parts.into_iter().collect();
        parts.sort_by_key(|part| (part.added_at.map_or(i64::MAX, |at| at.millis), operator(part)));
        let mut parts = parts.into_iter();
        let mut whole = parts.next()?;
        for part in parts {
            whole.join(part);
        }
        Some(whole)
    }

    fn join(&mut self, part: Self) {
        add(&mut self.phones, part.phones);
        add(&mut self.channels, part.channels);
        add(&mut self.tags, part.tags);
        add(&mut self.owners, part.owners);
        self.relations.extend(part.relations);
        let firsts = [
            (&mut self.alias, part.alias),
            (&mut self.kind, part.kind),
            (&mut self.gender, part.gender),
            (&mut self.birthday, part.birthday),
            (&mut self.company, part.company),
            (&mut self.city, part.city),
            (&mut self.source, part.source),
            (&mut self.level, part.level),
            (&mut self.stage, part.stage),
            (&mut self.currency, part.currency),
            (&mut self.remark, part.remark),
        ];
        for (mine, theirs) in firsts {
            if mine.is_none() {
                *mine = theirs;
            }
        }
        self.referrer_id = self.referrer_id.take().or(part.referrer_id);
        self.points = self.points.or(part.points);
        self.orders = self.orders.or(part.orders);
        self.ltv = self.ltv.or(part.ltv);
        self.added_at = self.added_at.or(part.added_at);
        self.last_contact_at = later(self.last_contact_at, part.last_contact_at);
        self.last_active_at = later(self.last_active_at, part.last_active_at);
        self.last_order_at = later(self.last_order_at, part.last_order_at);
        self.updated_at = later(self.updated_at, part.updated_at);
        for (name, value) in part.custom {
            self.custom.entry(name).or_insert(value);
        }
    }
}

fn operator(part: &Customer) -> String {
    part.relations.first().map(|relation| relation.operator_id.0.clone()).unwrap_or_default()
}

fn add<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

fn later(one: Option<super::Time>, other: Option<super::Time>) -> Option<super::Time> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if other.millis > one.millis { other } else { one }),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Relation, Time};
    use super::*;

    fn part(operator: &str, added: i64, tags: &[&str], phone: &str) -> Customer {
        let tags: Vec<_> = tags.iter().map(|tag| (*tag).into()).collect();
        Customer {
            id: "c".into(),
            name: "王五".to_owned(),
            phones: vec![phone.to_owned()],
            owners: vec![operator.into()],
            relations: vec![Relation {
                operator_id: operator.into(),
                tags: tags.clone(),
                ..Relation::default()
            }],
            tags,
            added_at: Some(Time::from_millis(added)),
            remark: Some(operator.to_owned()),
            ..Customer::default()
        }
    }

    #[test]
    fn parts_come_to_one_customer_in_whatever_order() {
        let (late, early) = (part("b", 9, &["x", "y"], "1"), part("a", 4, &["y"], "2"));
        let whole = Customer::joined([late.clone(), early.clone()]).unwrap();
        assert_eq!(Customer::joined([early, late]), Some(whole.clone()));
        assert_eq!(whole.added_at, Some(Time::from_millis(4)));
        assert_eq!(whole.remark.as_deref(), Some("a"));
        assert_eq!(whole.phones, ["2", "1"]);
        assert_eq!(whole.tags, ["y".into(), "x".into()]);
        assert_eq!(whole.owners, ["a".into(), "b".into()]);
        assert_eq!(whole.relations.len(), 2);
        assert_eq!(Customer::joined([]), None);
    }
}
