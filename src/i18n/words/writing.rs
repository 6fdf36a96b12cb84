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
}
