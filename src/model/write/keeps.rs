//! What the console keeps itself, since the backend has no place for it.

use serde::{Deserialize, Serialize};
use serde_json::Map;

use super::{Deed, Write};
use crate::model::{EventKind, Resource};

/// What of an operator's writes stays here. Nothing, of a backend that has a place for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keeps {
    /// Kinds of which what is made here stays here: follow-ups, and events such as notes and calls.
    #[serde(default)]
    pub makes: Vec<Resource>,
    /// Fields of customers.
    #[serde(default)]
    pub fields: Vec<String>,
}

impl Keeps {
    /// A write by its parts: what is sent, and what stays here. `None` where there is no such part.
    ///
    /// What is written to a record that stays here altogether is for whoever knows that record.
    pub fn split(&self, write: &Write) -> (Option<Write>, Option<Write>) {
        match &write.deed {
            Deed::Make { fields } if self.makes.contains(&write.resource) => {
                let kind = fields.get("kind").and_then(|kind| kind.as_str());
                // Points have to be given by the backend, or not at all.
                let stays = write.resource != Resource::Events || kind != Some(EventKind::Points.word());
                if stays { (None, Some(write.clone())) } else { (Some(write.clone()), None) }
            }
            Deed::Set { fields } if write.resource == Resource::Customers => {
                let (stay, go): (Map<_, _>, Map<_, _>) =
                    fields.clone().into_iter().partition(|(name, _)| self.fields.contains(name));
                let part = |fields: Map<_, _>| {
                    (!fields.is_empty()).then(|| Write::set(write.resource, write.id.clone(), fields))
                };
                if stay.is_empty() { (Some(write.clone()), None) } else { (part(go), part(stay)) }
            }
            _ => (Some(write.clone()), None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn keeps() -> Keeps {
        Keeps { makes: vec![Resource::FollowUps, Resource::Events], fields: vec!["stage".into()] }
    }

    #[test]
    fn what_the_backend_has_no_place_for_is_parted_from_what_it_has() {
        let fields = json!({"remark": "老客", "stage": "active"}).as_object().unwrap().clone();
        let (sent, stays) = keeps().split(&Write::set(Resource::Customers, "c1", fields));
        assert_eq!(sent, Some(Write::set_one(Resource::Customers, "c1", "remark", "老客")));
        assert_eq!(stays, Some(Write::set_one(Resource::Customers, "c1", "stage", "active")));

        let remark = Write::set_one(Resource::Customers, "c1", "remark", "x");
        assert_eq!(keeps().split(&remark), (Some(remark.clone()), None));
        let stage = Write::set_one(Resource::Customers, "c1", "stage", "lost");
        assert_eq!(keeps().split(&stage), (None, Some(stage.clone())));
        assert_eq!(Keeps::default().split(&stage), (Some(stage), None));
    }

    #[test]
    fn notes_stay_and_points_do_not() {
        let event = |kind: &str| {
            let fields =
                json!({"customer_id": "c1", "kind": kind, "title": "x"}).as_object().unwrap().clone();
            Write { resource: Resource::Events, id: "~e".into(), deed: Deed::Make { fields } }
        };
        assert_eq!(keeps().split(&event("note")), (None, Some(event("note"))));
        assert_eq!(keeps().split(&event("points")), (Some(event("points")), None));
    }
}
