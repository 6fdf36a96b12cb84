//! The key table of the README, written from the command table.

use std::fmt::Write;

use super::{Keymap, print_keys};
use crate::command::{Chapter, Layer, Spec, specs};

/// The line after which the README's table stands.
pub const MARK_BEGIN: &str = "<!-- keys:begin -->";
/// The line before which it ends.
pub const MARK_END: &str = "<!-- keys:end -->";

/// The shipped keys by chapter, as Markdown, in Chinese or English.
pub fn markdown_table(zh: bool) -> String {
    let (keys, command, does, places) =
        if zh { ("按键", "命令", "作用", "位置") } else { ("Keys", "Command", "Does", "Where") };
    let mut text = String::new();
    for chapter in Chapter::ALL {
        let _ = writeln!(text, "### {}\n", chapter.title(zh));
        let _ = writeln!(text, "| {keys} | {command} | {does} | {places} |\n| --- | --- | --- | --- |");
        for spec in specs().iter().filter(|spec| spec.chapter == chapter && has_key(spec)) {
            let keys = spec.keys.iter().copied().chain(spec.bound.iter().map(|(keys, _)| *keys));
            let names: Vec<_> = keys.map(|keys| format!("`{}`", cell(keys))).collect();
            let _ = writeln!(
                text,
                "| {} | `{}` | {} | {} |",
                names.join(" "),
                spec.id,
                spec.says(zh),
                places_of(spec, zh)
            );
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn has_key(spec: &Spec) -> bool {
    !(spec.keys.is_empty() && spec.bound.is_empty())
}

fn places_of(spec: &Spec, zh: bool) -> String {
    let names: Vec<_> = spec.layers.iter().map(|layer| place(*layer, zh)).collect();
    names.join(if zh { "、" } else { ", " })
}

fn place(layer: Layer, zh: bool) -> &'static str {
    let (chinese, english) = match layer {
        Layer::Global => ("各处", "everywhere"),
        Layer::List => ("各列表", "lists"),
        Layer::Customers => ("客户", "customers"),
        Layer::Tags => ("标签", "tags"),
        Layer::Groups => ("群动态", "groups"),
        Layer::FollowUps => ("待跟进", "follow-ups"),
        Layer::Customer => ("客户详情", "a customer"),
        Layer::Group => ("群详情", "a group"),
        Layer::FollowUp => ("跟进详情", "a follow-up"),
        Layer::Outbox => ("待发", "the outbox"),
        Layer::Triage => ("分拣", "triage"),
        Layer::Steps => ("录制的步骤", "recorded steps"),
        Layer::Form => ("表单", "a form"),
        Layer::Confirm => ("确认框", "a question"),
        Layer::Help => ("帮助", "help"),
        Layer::Input => ("输入行", "an input line"),
        Layer::Picker => ("选择框", "a picker"),
    };
    if zh { chinese } else { english }
}

/// `|` would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

impl Keymap {
    /// What is bound, layer by layer, as Markdown, in Chinese or English: the effective
    /// bindings, not the shipped ones.
    pub fn markdown(&self, zh: bool) -> String {
        let (keys, command, does) =
            if zh { ("按键", "命令", "作用") } else { ("Keys", "Command", "Does") };
        let mut text = String::new();
        for layer in Layer::ALL {
            let _ = writeln!(text, "### {} (`{}`)\n", place(layer, zh), layer.name());
            let _ = writeln!(text, "| {keys} | {command} | {does} |\n| --- | --- | --- |");
            for binding in self.layer(layer) {
                let (keys, command) = (cell(&print_keys(&binding.keys)), cell(&binding.command.to_string()));
                let _ = writeln!(text, "| `{keys}` | `{command}` | {} |", binding.command.spec().says(zh));
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_with_a_key_stands_in_the_table_once() {
        for zh in [true, false] {
            let table = markdown_table(zh);
            for spec in specs() {
                let lines = table.matches(&format!("| `{}` | ", spec.id)).count();
                assert_eq!(lines, usize::from(has_key(spec)), "{}", spec.id);
            }
        }
    }
}
