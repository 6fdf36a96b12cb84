//! The command table. One line for each command; the order is the order of help.

use super::spec::{Arg, ArgKind, Chapter, Layer, Risk, Spec};
use crate::model::Resource;

/// What is given, or else what is usual.
macro_rules! either {
    ($given:expr, $usual:expr) => {
        $given
    };
    (, $usual:expr) => {
        $usual
    };
}

macro_rules! commands {
    ($(
        $verb:ident $id:literal $chapter:ident $(/ $risk:ident)? $(on $on:ident)? [$($layer:ident),+] ($($arg:expr),*) [$($key:literal),*]
            $({$($bound:literal = $with:literal),+})? $zh:literal, $en:literal;
    )+) => {
        /// The verb of a command: one for each line of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verb {
            $(#[doc = $en] $verb),+
        }

        /// All commands, in the order of help.
        pub fn specs() -> &'static [Spec] {
            static SPECS: &[Spec] = &[$(Spec {
                verb: Verb::$verb,
                id: $id,
                chapter: Chapter::$chapter,
                layers: &[$(Layer::$layer),+],
                risk: either!($(Risk::$risk)?, Risk::Read),
                on: either!($(Some(Resource::$on))?, None),
                recorded: !matches!(Chapter::$chapter, Chapter::Typing),
                args: &[$($arg),*],
                keys: &[$($key),*],
                bound: &[$($(($bound, $with)),+)?],
                zh: $zh,
                en: $en,
            }),+];
            SPECS
        }
    };
}

const fn rest(name: &'static str) -> Arg {
    Arg { name, kind: ArgKind::Rest, required: true, needed: true }
}

const fn word(name: &'static str) -> Arg {
    Arg { name, kind: ArgKind::Word, required: true, needed: true }
}

/// All that is left of the line; the console asks for it where it is not given.
const fn asked(name: &'static str) -> Arg {
    Arg { name, kind: ArgKind::Rest, required: false, needed: true }
}

/// A word; the console asks for it where it is not given.
const fn asked_word(name: &'static str) -> Arg {
    Arg { name, kind: ArgKind::Word, required: false, needed: true }
}

/// All that is left of the line, or nothing.
const fn more(name: &'static str) -> Arg {
    Arg { name, kind: ArgKind::Rest, required: false, needed: false }
}

/// A word, or nothing.
const fn maybe(name: &'static str) -> Arg {
    Arg { name, kind: ArgKind::Word, required: false, needed: false }
}

const COPIED: Arg = Arg {
    name: "what",
    kind: ArgKind::Choice(&["name", "phone", "id", "row"]),
    required: true,
    needed: true,
};

commands! {
    // Moving
    CursorDown "cursor.down" Moving [List, Customer, Group, FollowUp, Outbox, Triage, Steps, Help] () ["j", "down"] "下移", "down";
    CursorUp "cursor.up" Moving [List, Customer, Group, FollowUp, Outbox, Triage, Steps, Help] () ["k", "up"] "上移", "up";
    PageDown "page.down" Moving [List, Customer, Group, FollowUp, Outbox, Triage, Steps, Help] () ["pgdn", "C-f"] "下一页", "page down";
    PageUp "page.up" Moving [List, Customer, Group, FollowUp, Outbox, Triage, Steps, Help] () ["pgup", "C-b"] "上一页", "page up";
    HalfDown "half.down" Moving [List, Customer, Group, FollowUp, Outbox, Triage, Steps, Help] () ["C-d"] "下半页", "half a page down";
    HalfUp "half.up" Moving [List, Customer, Group, FollowUp, Outbox, Triage, Steps, Help] () ["C-u"] "上半页", "half a page up";
    GoFirst "cursor.first" Moving [List, Customer, Group, FollowUp, Outbox, Triage, Steps, Help] () ["g g", "home"] "首行", "first row";
    GoLast "cursor.last" Moving [List, Customer, Group, FollowUp, Outbox, Triage, Steps, Help] () ["G", "end"] "末行", "last row";
    Open "open" Moving [List, Customer, Group, FollowUp, Outbox] () ["enter", "l", "right"] "打开", "open";
    Back "back" Moving [Global, Picker, Input, Form, Confirm] () ["esc"] "返回", "back";
    BackOrQuit "back.quit" Moving [Global] () ["q"] "返回/退出", "back or quit";

    // Places
    PaneCustomers "pane.customers" Places [List] () ["1"] "客户", "customers";
    PaneTags "pane.tags" Places [List] () ["2"] "标签", "tags";
    PaneGroups "pane.groups" Places [List] () ["3"] "群动态", "groups";
    PaneFollowUps "pane.follow_ups" Places [List] () ["4"] "待跟进", "follow-ups";
    PaneNext "pane.next" Places [List, Customer, Group] () ["tab"] "下一面板", "next pane";
    PanePrevious "pane.previous" Places [List, Customer, Group] () ["S-tab"] "上一面板", "previous pane";
    PaneZoom "pane.zoom" Places [List] () ["z"] "放大", "zoom the pane";
    GoCustomer "go.customer" Places [FollowUps, FollowUp, Group, Triage] () ["g c"] "看客户", "the customer";
    TagCustomers "tag.customers" Places [Tags] () ["f c"] "该标签客户", "customers with the tag";
    TagNarrow "tag.narrow" Places [Tags] () ["f n"] "叠加筛选", "narrow by the tag";
    TagExclude "tag.exclude" Places [Tags] () ["f x"] "排除该标签", "exclude the tag";
    GroupCustomers "group.customers" Places [Groups, Group] () ["f c"] "该群客户", "customers in the group";
    RecordNext "record.next" Places [Customer, Group, FollowUp, Triage] () ["]"] "下一位", "next record";
    RecordPrevious "record.previous" Places [Customer, Group, FollowUp, Triage] () ["["] "上一位", "previous record";
    TimelineKind "timeline.kind" Places [Customer] () ["f"] "时间线筛选", "filter the timeline";
    TimelineExpand "timeline.expand" Places [Customer] () ["e"] "展开", "expand the entry";
    GroupTrend "group.trend" Places [Group] () ["t"] "趋势", "trend";
    GroupHeat "group.heat" Places [Group] () ["h"] "热力", "heat table";
    GroupMembers "group.members" Places [Group] () ["m"] "成员", "members";
    GroupLeavers "group.leavers" Places [Group] () ["x"] "流失", "leavers";
    GroupActivities "group.activities" Places [Group] () ["a"] "活动", "activities";

    // Finding
    SearchOpen "search.open" Finding [List, Help] () ["/"] "搜索", "search";
    FilterSet "filter.set" Finding [List] (rest("filter")) [] "设定筛选", "set the filter";
    FilterClear "filter.clear" Finding [List] () ["X"] "清除筛选", "clear the filter";
    ViewOpen "view.open" Finding [List] (word("name")) [] "打开视图", "open a saved view";
    ViewPick "view.pick" Finding [List] () ["f f"] "视图", "saved views";
    SortPick "sort.pick" Finding [Customers, FollowUps, Groups, Group] () ["o"] "排序", "sort by";
    SortSet "sort.set" Finding [Customers, FollowUps, Groups, Group] (word("keys")) [] "设定排序", "set the order";
    SortReverse "sort.reverse" Finding [Customers, FollowUps, Groups, Group] () ["O"] "反向", "reverse the order";
    ColumnsPick "columns.pick" Finding [Customers, FollowUps, Groups] () ["C"] "列", "choose columns";

    Export "export" Finding [List] (word("path"), more("format")) [] "导出列表", "export the list";
    ExportStop "export.stop" Finding [Global] () [] "停止导出", "stop the export";

    // Marking
    MarkToggle "mark.toggle" Marking [Customers, FollowUps, Groups, Triage] () ["space"] "选择", "mark";
    MarkRange "mark.range" Marking [Customers, FollowUps, Groups] () ["V"] "区间选择", "mark a range";
    MarkAll "mark.all" Marking [Customers, FollowUps, Groups, Triage] () ["*"] "全选匹配", "mark all that match";
    MarkClear "mark.clear" Marking [Customers, FollowUps, Groups, Triage] () ["g u"] "取消选择", "clear the marks";
    CopyName "copy.name" Marking [List, Customer, Group, FollowUp, Triage] () ["y n", "y y"] "复制名称", "copy the name";
    CopyPhone "copy.phone" Marking [Customers, Customer, FollowUps, FollowUp, Triage] () ["y p"] "复制电话", "copy the phone";
    CopyId "copy.id" Marking [List, Customer, Group, FollowUp, Triage] () ["y i"] "复制ID", "copy the id";
    CopyRow "copy.row" Marking [List, Customer, Group, FollowUp, Triage] () ["y r"] "复制整行", "copy the row";
    Copy "copy" Marking [List, Customer, Group, FollowUp, Triage] (COPIED) [] "复制", "copy";

    // Customers and tags
    CustomerEdit "customer.edit" Customers / Write on Customers [Customers, Customer] (asked("form")) ["E"] "编辑", "edit";
    CustomerSet "customer.set" Customers / Write on Customers [Customers, Customer] (word("field"), asked("value")) [] "改字段", "set a field";
    TagEdit "tag.edit" Customers / Write on Customers [Customers, Customer, FollowUps, FollowUp] (asked_word("add"), asked_word("remove")) ["t"] "标签", "tags";
    TagAdd "tag.add" Customers / Write on Customers [Customers, Customer, FollowUps, FollowUp] (asked("tags")) [] "加标签", "add tags";
    TagRemove "tag.remove" Customers / Write on Customers [Customers, Customer, FollowUps, FollowUp] (asked("tags")) [] "去标签", "remove tags";
    StageSet "stage.set" Customers / Write on Customers [Customers, Customer] (asked_word("stage")) ["s"] "阶段", "stage";
    OwnerSet "owner.set" Customers / Write on Customers [Customers, Customer] (asked("owner")) ["a"] "归属", "owner";
    NoteAdd "note.add" Customers / Write on Customers [Customers, Customer, FollowUps, FollowUp] (asked("text")) ["i"] "备注", "note";
    CallLog "call.log" Customers / Write on Customers [Customers, Customer] (asked_word("result"), more("note")) ["c"] "记通话", "log a call";
    MessageSnippet "message.snippet" Customers / Outbound on Customers [Customers, Customer, FollowUps, FollowUp] (asked_word("snippet"), maybe("channel")) [";"] "话术", "snippet";
    MessageSend "message.send" Customers / Outbound on Customers [Customers, Customer, FollowUps, FollowUp] (asked_word("channel"), more("text")) ["M"] "发消息", "message";
    PointsAdd "points.add" Customers / Write on Customers [Customers, Customer] (asked_word("points"), more("why")) [] "加减积分", "add points";
    CouponGrant "coupon.grant" Customers / Write on Customers [Customers, Customer] (asked("name")) [] "发券", "grant a coupon";
    PhoneReveal "phone.reveal" Customers [Customers, Customer, FollowUps, FollowUp, Triage] () ["v"] "显示电话", "reveal the phone";
    TagCreate "tag.create" Customers / Write [Tags] (asked_word("name"), maybe("group")) ["+"] "新建标签", "new tag";
    TagRename "tag.rename" Customers / Write on Tags [Tags] (asked_word("tag"), maybe("name")) ["r"] "重命名", "rename";
    TagMerge "tag.merge" Customers / Bulk on Tags [Tags] (asked_word("tag"), maybe("into")) ["m"] "合并到", "merge into";
    TagGroup "tag.group" Customers / Write on Tags [Tags] (asked_word("tag"), maybe("group")) ["w"] "改标签组", "move to a group";
    TagDelete "tag.delete" Customers / Bulk on Tags [Tags] (maybe("tag")) ["D"] "删除标签", "delete the tag";

    // Follow-ups
    FollowUpCreate "follow_up.create" FollowUps / Write on Customers [Customers, Customer, FollowUps, FollowUp] (asked_word("title"), maybe("due"), maybe("kind")) ["n"] "新跟进", "new follow-up";
    FollowUpEdit "follow_up.edit" FollowUps / Write on FollowUps [FollowUps, FollowUp] (asked("form")) ["E"] "编辑", "edit";
    FollowUpSet "follow_up.set" FollowUps / Write on FollowUps [FollowUps, FollowUp] (word("field"), asked("value")) [] "改字段", "set a field";
    FollowUpResult "follow_up.result" FollowUps / Write on FollowUps [FollowUps, FollowUp] (asked_word("result"), more("note")) ["c"] "结果", "result";
    FollowUpDone "follow_up.done" FollowUps / Write on FollowUps [FollowUps, FollowUp] (maybe("result")) ["x"] "完成", "done";
    FollowUpSnooze "follow_up.snooze" FollowUps / Write on FollowUps [FollowUps, FollowUp] (asked("when")) ["s"] "延后", "snooze";
    FollowUpAssign "follow_up.assign" FollowUps / Write on FollowUps [FollowUps, FollowUp] (asked("who")) ["a"] "指派", "assign";
    FollowUpCancel "follow_up.cancel" FollowUps / Write on FollowUps [FollowUps, FollowUp] () ["D"] "取消跟进", "cancel";
    FollowUpReopen "follow_up.reopen" FollowUps / Write on FollowUps [FollowUps, FollowUp] () ["U"] "重新打开", "reopen";

    FollowUpDispose "follow_up.dispose" FollowUps / Write on FollowUps [FollowUps, FollowUp] (rest("what")) [] "处置", "dispose of";
    CustomerDispose "customer.dispose" FollowUps / Write on Customers [Customers, Customer] (rest("what")) [] "处置客户", "dispose of the customer";

    // Triage
    TriageOpen "triage.open" Triage [Global] (maybe("queue")) ["T"] "分拣", "triage";
    TriageQueue "triage.queue" Triage [Triage] () ["f f"] "换队列", "another queue";
    TriageRefresh "triage.refresh" Triage [Triage] () ["R"] "刷新队列", "refresh the queue";
    TriageResult "triage.result" Triage [Triage] (word("result")) []
        {"1" = "1", "2" = "2", "3" = "3", "4" = "4", "5" = "5"} "结果", "result";
    TriageTags "triage.tags" Triage [Triage] () ["t"] "标签", "tags";
    TriageSnooze "triage.snooze" Triage [Triage] (asked("when")) ["s s"]
        {"s h" = "h", "s n" = "n", "s m" = "m", "s d" = "d",
         "s 1" = "1", "s 2" = "2", "s 3" = "3", "s 4" = "4", "s 5" = "5", "s 6" = "6", "s 7" = "7",
         "s w 1" = "w1", "s w 2" = "w2", "s w 3" = "w3", "s w 4" = "w4", "s w 5" = "w5", "s w 6" = "w6", "s w 7" = "w7"}
        "延后", "snooze";
    TriageAssign "triage.assign" Triage [Triage] (asked("who")) ["a"] "指派", "assign";
    TriageNote "triage.note" Triage [Triage] (asked("text")) ["i"] "备注", "note";
    TriageSnippet "triage.snippet" Triage [Triage] (asked_word("snippet")) [";"] "话术", "snippet";
    TriageDone "triage.done" Triage [Triage] () ["x"] "完成", "done";
    TriageCancel "triage.cancel" Triage [Triage] () ["D"] "无需跟进", "not needed";
    TriageClear "triage.clear" Triage [Triage] () ["backspace"] "清空选择", "clear the choices";
    TriageCommit "triage.commit" Triage / Write [Triage] () ["enter"] "提交并下一位", "commit, next";
    TriageRepeat "triage.repeat" Triage / Write [Triage] () ["tab"] "重复上一处置", "repeat the last";
    TriageAll "triage.all" Triage / Write [Triage] () ["A"] "套用到已选", "to all marked";

    // Macros
    MacroRun "macro.run" Macros / Write [Global] (asked_word("macro"), more("settings")) ["m"] "运行宏", "run a macro";
    MacroPlan "macro.plan" Macros [Global] (asked_word("macro"), more("settings")) ["D", "g m"] "预演宏", "plan a macro";
    MacroRecord "macro.record" Macros [Global] (maybe("register")) ["Q"] "录制", "record";
    MacroReplay "macro.replay" Macros [Global] (maybe("register")) ["@"] "重放", "do again";
    MacroResume "macro.resume" Macros / Write [Global] (maybe("batch")) ["g r"] "继续运行", "go on with a run";

    MacroEdit "macro.edit" Macros [Global] (maybe("register")) ["g q"] "编辑录制", "edit what was recorded";
    StepEdit "step.edit" Macros [Steps] () ["enter", "e"] "改步骤", "edit the step";
    StepAdd "step.add" Macros [Steps] () ["o"] "加步骤", "add a step";
    StepAsk "step.ask" Macros [Steps] () ["p"] "改成参数", "ask for a text";
    StepDelete "step.delete" Macros [Steps] () ["d"] "删步骤", "delete the step";
    StepDown "step.down" Macros [Steps] () ["J"] "步骤下移", "move the step down";
    StepUp "step.up" Macros [Steps] () ["K"] "步骤上移", "move the step up";
    MacroSave "macro.save" Macros [Steps] () ["C-s", "w"] "存为宏", "save as a macro";

    // Undo and outbox
    Undo "undo" Sending / Write [Global] () ["u"] "撤销", "undo";
    Redo "redo" Sending / Write [Global] () ["C-r"] "重做", "redo";
    OutboxOpen "outbox.open" Sending [Global] () ["g o"] "待发", "outbox";
    OutboxRetry "outbox.retry" Sending / Write [Outbox] () ["r"] "重发", "send again";
    OutboxEdit "outbox.edit" Sending / Write [Outbox] () ["e"] "改后重发", "edit and send again";
    OutboxMine "outbox.mine" Sending / Write [Outbox] () ["m"] "用我的", "keep mine";
    OutboxTheirs "outbox.theirs" Sending / Write [Outbox] () ["t"] "用对方的", "take theirs";
    OutboxDiscard "outbox.discard" Sending / Write [Outbox] () ["d"] "放弃", "drop";

    // Console
    Help "help" Console [Global] () ["?", "f1"] "帮助", "help";
    Palette "palette" Console [Global] () ["C-p"] "命令面板", "command palette";
    CommandLine "command.line" Console [Global] () [":"] "命令", "command line";
    PlaceResume "place.resume" Console [List] () ["g p"] "回到上次位置", "go on where you were";
    SyncNow "sync.now" Console [Global] () ["r"] "同步", "sync now";
    SyncFull "sync.full" Console [Global] () [] "全量同步", "pull everything again";
    SyncPause "sync.pause" Console [Global] () [] "暂停同步", "pause the sync";
    SyncResume "sync.resume" Console [Global] () [] "继续同步", "go on with the sync";
    LangToggle "lang.toggle" Console [Global] () ["L"] "中/英", "Chinese or English";
    MouseToggle "mouse.toggle" Console [Global] () [] "鼠标开关", "mouse on or off";
    ProfileSwitch "profile.switch" Console [Global] (maybe("profile")) ["P"] "切换配置档", "switch to another profile";
    ConfigReload "config.reload" Console [Global] () [] "重载配置", "reload the configuration";
    Redraw "screen.redraw" Console [Global] () ["C-l"] "重绘", "redraw";
    Suspend "suspend" Console [Global] () ["C-z"] "挂起", "suspend";
    Quit "quit" Console [Global] () ["C-q", "C-c"] "退出", "quit";

    // Typing
    InputAccept "input.accept" Typing [Input, Picker, Form] () ["enter"] "确定", "accept";
    InputComplete "input.complete" Typing [Input] () ["tab"] "补全", "complete";
    InputLeft "input.left" Typing [Input, Picker, Form, Confirm] () ["left", "C-b"] "左移", "left";
    InputRight "input.right" Typing [Input, Picker, Form, Confirm] () ["right", "C-f"] "右移", "right";
    InputWordLeft "input.word_left" Typing [Input, Picker, Form, Confirm] () ["C-left"] "左移一词", "a word left";
    InputWordRight "input.word_right" Typing [Input, Picker, Form, Confirm] () ["C-right"] "右移一词", "a word right";
    InputHome "input.home" Typing [Input, Picker, Form, Confirm] () ["home", "C-a"] "行首", "line start";
    InputEnd "input.end" Typing [Input, Picker, Form, Confirm] () ["end", "C-e"] "行尾", "line end";
    InputBackspace "input.backspace" Typing [Input, Picker, Form, Confirm] () ["backspace", "C-h"] "删前字", "delete backwards";
    InputDelete "input.delete" Typing [Input, Picker, Form, Confirm] () ["delete", "C-d"] "删后字", "delete forwards";
    InputDeleteWord "input.delete_word" Typing [Input, Picker, Form, Confirm] () ["C-w"] "删词", "delete a word";
    InputClear "input.clear" Typing [Input, Picker, Form, Confirm] () ["C-u"] "清空", "clear the line";
    InputOlder "input.older" Typing [Input] () ["up"] "上一条", "older or previous";
    InputNewer "input.newer" Typing [Input] () ["down"] "下一条", "newer or next";
    PickDown "pick.down" Typing [Picker] () ["down", "C-n"] "下移", "down";
    PickUp "pick.up" Typing [Picker] () ["up", "C-p"] "上移", "up";
    PickToggle "pick.toggle" Typing [Picker] () ["tab"] "切换", "toggle";
    FormSave "form.save" Typing [Form] () ["C-s"] "保存", "save";
    FormNext "form.next" Typing [Form] () ["tab"] "下一栏", "next field";
    FormPrevious "form.previous" Typing [Form] () ["S-tab"] "上一栏", "previous field";
    FormDown "form.down" Typing [Form] () ["down"] "下一行", "next line";
    FormUp "form.up" Typing [Form] () ["up"] "上一行", "previous line";
    FormChoose "form.choose" Typing [Form] () ["C-n"] "下一个值", "next value";
    FormOlder "form.older" Typing [Form] () ["C-p"] "上一个值", "earlier value";
    FormCopy "form.copy" Typing [Form] () ["C-y"] "复制", "copy";
    Confirm "confirm" Typing [Confirm] () ["enter"] "确认", "confirm";
    ConfirmDown "confirm.down" Typing [Confirm] () ["down"] "下移", "down";
    ConfirmUp "confirm.up" Typing [Confirm] () ["up"] "上移", "up";
    ConfirmPageDown "confirm.page_down" Typing [Confirm] () ["pgdn"] "下一页", "page down";
    ConfirmPageUp "confirm.page_up" Typing [Confirm] () ["pgup"] "上一页", "page up";
    InputCancel "input.cancel" Typing [Input, Picker, Form, Confirm] () ["C-c"] "取消", "cancel";
}

impl Verb {
    /// Its line in the table.
    pub fn spec(self) -> &'static Spec {
        &specs()[self as usize]
    }

    /// The verb of a name, such as `cursor.down`.
    pub fn parse(id: &str) -> Option<Self> {
        specs().iter().find(|spec| spec.id == id).map(|spec| spec.verb)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_verb_finds_its_own_line_and_names_are_unique() {
        let mut names = BTreeSet::new();
        for spec in specs() {
            assert_eq!(spec.verb.spec().id, spec.id);
            assert_eq!(Verb::parse(spec.id), Some(spec.verb));
            assert!(names.insert(spec.id), "{} stands twice", spec.id);
            assert!(!spec.zh.is_empty() && !spec.en.is_empty());
        }
    }
}
