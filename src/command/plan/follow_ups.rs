//! Commands on follow-ups: fields, results, closing, putting off, handing over.

use serde_json::{Map, Value};

use super::customers::fields_of;
use super::fields::{FOLLOW_UP_FIELDS, read_field};
use super::{Draft, PlanError, Skip};
use crate::command::Verb;
use crate::model::{AnyRecord, Deed, FollowUp};
use crate::query::due;

pub(super) fn plan(draft: &mut Draft<'_>, targets: &[AnyRecord]) -> Result<(), PlanError> {
    let field = |draft: &Draft<'_>, name: &str, index: usize| {
        read_field(FOLLOW_UP_FIELDS, name, draft.arg(index), draft.material)
    };
    let mut fields = Map::new();
    let fits: fn(&FollowUp) -> Option<Skip> = match draft.command.verb {
        Verb::FollowUpSet => {
            fields.extend([field(draft, draft.arg(0), 1)?]);
            |_| None
        }
        Verb::FollowUpEdit => {
            fields = fields_of(draft)?;
            |_| None
        }
        Verb::FollowUpResult => {
            fields.extend([field(draft, "result", 0)?]);
            if !draft.arg(1).is_empty() {
                fields.extend([field(draft, "note", 1)?]);
            }
            |_| None
        }
        Verb::FollowUpDone => {
            fields.insert("status".to_owned(), "done".into());
            fields.insert("snoozed_until".to_owned(), Value::Null);
            if !draft.arg(0).is_empty() {
                fields.extend([field(draft, "result", 0)?]);
            }
            open_only
        }
        Verb::FollowUpCancel => {
            fields.insert("status".to_owned(), "cancelled".into());
            open_only
        }
        Verb::FollowUpSnooze => {
            let until = due(draft.arg(0), draft.material.moment).map_err(PlanError::Due)?;
            if until <= draft.material.moment.now {
                return Err(PlanError::Past(draft.arg(0).to_owned()));
            }
            // Put off: it is due then, and hidden from the queue until then.
            fields.insert("snoozed_until".to_owned(), until.to_string().into());
            fields.insert("due_at".to_owned(), until.to_string().into());
            open_only
        }
        Verb::FollowUpAssign => {
            let who = draft.operator(draft.arg(0))?.id.clone();
            fields.insert("assignee_id".to_owned(), who.as_str().into());
            open_only
        }
        Verb::FollowUpReopen => {
            fields.insert("status".to_owned(), "open".into());
            |follow_up| follow_up.status.is_pending().then_some(Skip::Pending)
        }
        _ => return Err(PlanError::NoWrite { command: draft.command.spec().id }),
    };
    for record in targets {
        let AnyRecord::FollowUp(follow_up) = record else {
            draft.skip(record, Skip::OtherKind);
            continue;
        };
        match fits(follow_up) {
            Some(why) => draft.skip(record, why),
            None => draft.write(record, Deed::Set { fields: fields.clone() }),
        }
    }
    Ok(())
}

fn open_only(follow_up: &FollowUp) -> Option<Skip> {
    (!follow_up.status.is_pending()).then_some(Skip::Closed)
}
