//! What of a command can be seen to be wrong with no record, tag or operator at hand: for keys of a
//! configuration, which are read before anything else.

use super::fields::{CUSTOMER_FIELDS, FOLLOW_UP_FIELDS, Takes, read_field};
use super::{Material, PlanError};
use crate::command::{Command, Verb};
use crate::model::Time;
use crate::query::{Moment, due};

/// Looks at the arguments that need nothing to be compared with: stages, kinds, fields, numbers, moments.
///
/// # Errors
/// [`PlanError`] for the first that makes no sense, whatever the records.
pub fn check(command: &Command) -> Result<(), PlanError> {
    let moment = Moment { now: Time::from_millis(0), zone: jiff::tz::TimeZone::UTC, me: None };
    let material = Material {
        tags: &[],
        tag_groups: &[],
        operators: &[],
        snippets: &[],
        moment: &moment,
        zh: false,
        local: &String::new,
        holders: &|_| Vec::new(),
    };
    let arg = |index: usize| command.args.get(index).map(|arg| arg.trim()).filter(|arg| !arg.is_empty());
    let field = |fields: &'static [super::Field], name: &str, text: Option<&str>| {
        let known = fields.iter().find(|field| field.name == name || field.key == name);
        match (known, text) {
            // Who works here is known to the backend alone.
            (Some(field), _) if matches!(field.takes, Takes::Operator | Takes::Operators) => Ok(()),
            (Some(_), None) => Ok(()), // it is asked for
            _ => read_field(fields, name, text.unwrap_or_default(), &material).map(drop),
        }
    };
    match command.verb {
        Verb::StageSet => field(CUSTOMER_FIELDS, "stage", arg(0)),
        Verb::CustomerSet => field(CUSTOMER_FIELDS, arg(0).unwrap_or_default(), arg(1)),
        Verb::FollowUpSet => field(FOLLOW_UP_FIELDS, arg(0).unwrap_or_default(), arg(1)),
        Verb::FollowUpCreate if arg(0).is_some_and(|title| !title.starts_with('{')) => {
            field(FOLLOW_UP_FIELDS, "due", arg(1))?;
            field(FOLLOW_UP_FIELDS, "kind", arg(2))
        }
        Verb::FollowUpSnooze => {
            arg(0).map_or(Ok(()), |when| due(when, &moment).map(drop).map_err(PlanError::Due))
        }
        Verb::PointsAdd => arg(0).map_or(Ok(()), |points| super::customers::points(points).map(drop)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::parse;

    #[test]
    fn what_cannot_be_right_is_found_and_nothing_else() {
        for line in [
            "stage.set bogus",
            "customer.set nosuch x",
            "customer.set stage bogus",
            "customer.set birthday 13-40",
            "follow_up.set kind walk",
            "follow_up.create 回访 neverday",
            "follow_up.create 回访 明天 walk",
            "follow_up.snooze soonish",
            "points.add many",
            "points.add 0",
        ] {
            assert!(check(&parse(line).unwrap()).is_err(), "{line}");
        }
        for line in [
            "stage.set",
            "stage.set 老客",
            "customer.set owner nobody-knows",
            "customer.set custom.size XL",
            "follow_up.snooze 明天",
            "follow_up.create",
            "points.add -5 too many",
            "tag.add nosuch",
            "call.log anything",
        ] {
            assert_eq!(check(&parse(line).unwrap()), Ok(()), "{line}");
        }
    }
}
