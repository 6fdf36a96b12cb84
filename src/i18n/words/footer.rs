//! The footer: messages of what has happened. The keys in it come from the command table.

words! {
    READY "就绪", "ready";
    COPIED "已发送到剪贴板: {what} (终端不会确认)", "sent to the clipboard: {what} (terminals do not confirm)";
    NOTHING_TO_COPY "没有可复制的内容", "nothing to copy";
    UNBOUND "{keys} 在这里没有作用 · {help} 帮助", "{keys} does nothing here · {help} for help";
    INPUT_METHOD "输入法似乎开着，请切换到英文", "the input method seems to be on; switch it to English";
    PENDING "{keys} …", "{keys} …";
    MARKS "已选 {n}", "{n} marked";
    MARKS_CLEARED "已取消选择", "marks cleared";
    FILTER_SET "筛选: {filter}", "filter: {filter}";
    FILTER_CLEARED "已清除筛选", "filter cleared";
    SORT_SET "排序: {by}", "sorted by {by}";
    NO_MORE "到底了", "that is the end";
    NO_PREVIOUS "没有上一位", "there is no previous one";
    NO_NEXT "没有下一位", "there is no next one";
    GONE "这条记录已不在", "this record is gone";
    SYNC_STARTED "开始同步", "sync started";
    SYNC_DONE "同步完成，{n} 处变更", "synced, {n} {n|change|changes}";
    SYNC_FAILED "同步失败: {error}", "sync failed: {error}";
    CONFIG_RELOADED "配置已重载", "configuration reloaded";
    CONFIG_KEPT "配置有误，沿用旧的: {error}", "the configuration is broken, the old one stays: {error}";
    LANGUAGE "语言: 中文", "language: English";
    MOUSE_ON "鼠标已开", "mouse on";
    MOUSE_OFF "鼠标已关", "mouse off";
    PASTE_IGNORED "粘贴只能用于输入行", "a paste goes into input lines only";
    CONFIRM_QUIT "再按一次退出", "once more to quit";
    UNAVAILABLE "{command}: 现在不可用，{why}", "{command}: not now, {why}";
    RESTORED "已回到上次离开的地方", "back where you left";
    SEND "发送", "send";
    CHOOSE "选择", "choose";
}
