//! What is recorded is done again on another record: commands with what was given to them, no keys.

use super::*;

impl Desk {
    /// Plans what was asked for and commits it, until nothing is asked for any more.
    fn settle(&mut self) -> &mut Self {
        let mut settled = 0;
        loop {
            let plans = self.done.iter().filter(|effect| matches!(effect, Effect::Plan { .. })).count();
            if plans == settled {
                return self;
            }
            settled = plans;
            self.planned();
            self.written();
        }
    }

    /// All commands that were planned, with whom they were for.
    fn all_asked(&self) -> Vec<(String, Targets)> {
        let asked = self.done.iter().filter_map(|effect| match effect {
            Effect::Plan { command, targets, .. } => Some((command.to_string(), targets.clone())),
            _ => None,
        });
        asked.collect()
    }
}

fn of(n: usize) -> Targets {
    Targets::Records(Resource::Customers, vec![format!("c{n}")])
}

#[test]
fn what_was_recorded_is_done_again_on_another_record() {
    let mut desk = Desk::new();
    desk.keys("Q a");
    for line in ["tag.add VIP", "note.add 想要二段", "stage.set dormant"] {
        desk.line(line).settle();
    }
    desk.keys("i").types("又来电").keys("C-s").settle();
    desk.keys("Q");
    assert!(desk.notice().contains("4 steps"), "{}", desk.notice());
    let recorded = desk.all_asked();
    assert_eq!(recorded.len(), 4);
    assert!(recorded.iter().all(|(_, targets)| *targets == of(0)));
    // All of it is about one customer: it is one change on another.
    desk.keys("esc j j @ a").settle();
    let again = desk.all_asked().split_off(4);
    assert_eq!(again, [("macro.run @a".to_owned(), of(2))]);
    let makes = desk.app.settings.macros.get("@a").unwrap();
    let steps: Vec<String> = makes.steps.iter().map(|step| step.does.to_string()).collect();
    assert_eq!(steps, recorded.into_iter().map(|(line, _)| line).collect::<Vec<_>>());
    desk.keys("j 5 @ @").settle();
    let more = desk.all_asked().split_off(5);
    assert_eq!((more.len(), &more[4].1), (5, &of(3)), "five times, on the next one");
}

#[test]
fn moving_is_recorded_and_an_empty_register_says_so() {
    let mut desk = Desk::new();
    desk.keys("@ b");
    assert!(desk.notice().contains("nothing is recorded in b"), "{}", desk.notice());
    desk.keys("Q b j").line("tag.add VIP").settle();
    desk.keys("Q @ b").settle();
    let targets: Vec<_> = desk.all_asked().into_iter().map(|(_, targets)| targets).collect();
    assert_eq!(targets, [of(1), of(2)]);
}
