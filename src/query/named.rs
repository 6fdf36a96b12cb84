//! The names in a filter, to be looked up: a name that nothing has finds nothing, and a filter
//! alone cannot know that.

use super::Query;
use super::ast::{Expr, Term};
use super::fold;
use super::keys::Link;
use super::lexer::{Token, lex};
use super::scope::KeyKind;
use super::sql::{Sql, SqlValue};

/// A name or an id of a record that a filter speaks of.
#[derive(Clone, Debug)]
pub struct Named<'q> {
    /// As it was typed.
    pub name: &'q str,
    /// Of what: a tag, an operator, a group, a customer or a tag group.
    pub kind: KeyKind,
    /// Where it stands in the filter, in bytes.
    pub at: usize,
    link: &'static Link,
}

impl Named<'_> {
    /// A select that gives a row where there is such a record.
    pub fn known(&self) -> Sql {
        let Link { table, name, .. } = self.link;
        let clause = format!("SELECT 1 FROM {table} n WHERE n.id = ? OR {name} = ? LIMIT 1");
        Sql { clause, params: vec![SqlValue::Text(self.name.to_owned()), SqlValue::Text(fold(self.name))] }
    }

    /// A select of the names that there are.
    pub fn names(&self) -> Sql {
        Sql { clause: format!("SELECT n.name FROM {} n", self.link.table), params: Vec::new() }
    }
}

impl Query {
    /// The names that it speaks of, each once, but for `me` and those with a `*`.
    pub fn named(&self) -> Vec<Named<'_>> {
        let mut found = Vec::new();
        if let Some(expr) = &self.expr {
            of(expr, &mut found);
        }
        for named in &mut found {
            named.at = self.place(named).unwrap_or(0);
        }
        found
    }

    /// Where a name stands: the first value of such a key that is it.
    fn place(&self, named: &Named<'_>) -> Option<usize> {
        lex(&self.text).ok()?.iter().find_map(|(token, _)| {
            let Token::Word(word) = token else { return None };
            let colon = word.glyphs.iter().position(|glyph| glyph.syntax() == Some(':'))?;
            let (key, values) = (&word.glyphs[..colon], &word.glyphs[colon + 1..]);
            let key: String = key.iter().map(|glyph| glyph.char).collect();
            self.scope
                .key(&key)
                .filter(|key| key.kind.link().is_some_and(|link| link.table == named.link.table))?;
            let mut values = values.split(|glyph| glyph.syntax() == Some(','));
            let value = values.find(|value| value.iter().map(|glyph| glyph.char).eq(named.name.chars()));
            value.and_then(<[_]>::first).map(|glyph| glyph.at)
        })
    }
}

impl KeyKind {
    /// Where the records are that its values name; `None` where they name none.
    fn link(self) -> Option<&'static Link> {
        match self {
            Self::Operator(link)
            | Self::Tag(link)
            | Self::Group(link)
            | Self::Customer(link)
            | Self::TagGroup(link) => Some(link),
            _ => None,
        }
    }
}

fn of<'q>(expr: &'q Expr, found: &mut Vec<Named<'q>>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| of(part, found)),
        Expr::Not(inner) => of(inner, found),
        Expr::Term(Term::Text(_)) => {}
        Expr::Term(Term::Key { key, values }) => {
            let Some(link) = key.kind.link() else { return };
            let operators = matches!(key.kind, KeyKind::Operator(_));
            for value in values {
                let super::Value::Name(parts) = value else { continue };
                let [name] = &parts[..] else { continue };
                let me = operators && matches!(fold(name).as_str(), "me" | "我");
                let again = |known: &Named<'_>| known.name == name && known.link.table == link.table;
                if !me && !found.iter().any(again) {
                    found.push(Named { name, kind: key.kind, at: 0, link });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Scope, parse};

    #[test]
    fn names_are_found_wherever_they_stand_and_once() {
        let query = parse(Scope::FollowUps, "assignee:me,王芳 (-customer.tag:VIP OR customer.tag:VIP,V*) 张")
            .unwrap();
        let names: Vec<_> = query.named().iter().map(|named| named.name).collect();
        assert_eq!(names, ["王芳", "VIP"]);
        let text = &query.text;
        let places: Vec<_> =
            query.named().iter().map(|named| &text[named.at..][..named.name.len()]).collect();
        assert_eq!(places, names);
        let query = parse(Scope::Customers, "VIP owner:VIP tag:新,\"VIP\"").unwrap();
        let places: Vec<_> = query.named().iter().map(|named| named.at).collect();
        assert_eq!(places, ["VIP owner:".len(), "VIP owner:VIP tag:".len(), "VIP owner:VIP tag:新,\"".len()]);
    }
}
