//! Words of writing: forms, confirmation, undo, the outbox.

words! {
    READ_ONLY "只读模式：不能改动", "read-only: nothing can be changed";
    NO_TARGET "这里没有可操作的记录", "there is no record here to work on";
    NOTHING_TO_DO "没有要改的：{why}", "nothing to change: {why}";
    NOTHING_CHANGED "没有改动", "nothing was changed";
    WRITTEN "{what} ×{n} · u 撤销", "{what} ×{n} · u undoes it";
    SKIPPED "{n} 条不需要改", "{n} left as they are";
    MOVED_ON "{n} 条已被他人改动，未覆盖", "{n} changed meanwhile, not overwritten";
    NOT_DONE "未执行", "not done";
    NOTHING_TO_UNDO "没有可撤销的", "nothing to undo";
    NOTHING_TO_REDO "没有可重做的", "nothing to redo";
    UNDONE "已撤销：{what} ×{n}", "undone: {what} ×{n}";
    UNDONE_BY_INVERSE "已发送过，已排入反向修改：{what} ×{n}", "was sent already, its inverse is queued: {what} ×{n}";
    REDONE "已重做：{what} ×{n}", "done again: {what} ×{n}";
    LEFT "{n} 条未动（{name}：{why}）", "{n} left ({name}: {why})";
    DRAFT_RESTORED "已恢复上次未保存的内容", "what you typed last time is back";
    DRAFT_KEPT "内容已留作草稿，下次打开时恢复", "what you typed is kept for the next time";
    BEING_WRITTEN "上一次改动正在保存", "the last change is still being saved";
    FROM_DRAFT "草稿", "draft";
    CONFIRM "确认", "Confirm";
    RECORDS "{n} 条记录", "records: {n}";
    LINES "{from}–{to} / {of}", "{from}–{to} of {of}";
    LEFT_OUT "不改的：", "Left as they are:";
    TYPE_THE_NUMBER "输入 {n} 以确认：", "type {n} to confirm:";
    WRONG_NUMBER "要输入的是 {n}", "the number to type is {n}";
    RISK_WRITE "写入 · 可以撤销", "write · can be undone";
    RISK_BULK "批量 · 改动 {n} 条记录 · 可以撤销", "bulk · changes {n} records · can be undone";
    RISK_OUTBOUND "外发 · {n} 位客户会收到 · 发出后不能撤销", "outbound · reaches {n} customers · cannot be undone once sent";
    RISK_IRREVERSIBLE "不可撤销", "irreversible · cannot be undone";
    ME "我", "me";
    TEXT "内容", "Text";
    CHANNEL "渠道", "Channel";
    POINTS "积分 ±", "Points ±";
    WHY "原因", "Reason";
    COUPON "券", "Coupon";
    WHEN "到何时", "Until";
    NAME "名称", "Name";
    GROUP "标签组", "Group";
    VALUE "内容", "Value";
    OUTBOX_EMPTY "没有待发的修改", "nothing waits to be sent";
    UNDER_WAY "正在发送，请稍候", "it is on its way: wait a moment";
    NO_CONFLICT "这条没有冲突", "there is no conflict here";
    NOTHING_TO_EDIT "这条没有可改的文字：可重发或放弃", "there is no text to edit: send it again or drop it";
    MINE "我的", "mine";
    THEIRS "对方的", "theirs";
    EDIT_AND_SEND "改后重发", "Edit and send again";
}
