//! Every word of the data model has its Chinese and English.

use siyu::i18n::{named, words::kinds};
use siyu::model::{EventKind, FollowUpKind, FollowUpStatus, Priority, Resource, Stage};

#[test]
fn every_kind_of_the_data_model_has_a_name() {
    let stages = Stage::ALL.map(Stage::word);
    let tables = [
        (kinds::STAGES, stages.to_vec()),
        (kinds::EVENTS, EventKind::ALL.iter().map(|kind| kind.word()).collect()),
        (kinds::FOLLOW_UPS, FollowUpKind::ALL.iter().map(|kind| kind.word()).collect()),
        (kinds::PRIORITIES, Priority::ALL.iter().map(|priority| priority.word()).collect()),
        (kinds::STATUSES, FollowUpStatus::ALL.iter().map(|status| status.word()).collect()),
        (kinds::RESOURCES, Resource::ALL.iter().map(|resource| resource.name()).collect()),
    ];
    for (table, words) in tables {
        for word in words {
            assert!(named(table, word).is_some(), "{word}");
        }
    }
}
