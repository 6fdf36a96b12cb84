//! Lines to the operator about what was just asked for.

words! {
    AT_LEAST_ONE_COLUMN_STAYS "至少留一列", "at least one column stays";
    PASTED_INTO_THE_SEARCH_LINE_NO "粘贴的文字放进了搜索框，未执行任何按键", "pasted into the search line; no key was run";
    NOTHING_TAKES_TEXT_HERE_THE_PASTE "这里没有输入框，粘贴被忽略", "nothing takes text here; the paste was not used";
    THIS_MEMBER_IS_NO_CUSTOMER "这位成员不是客户", "this member is no customer";
    THIS_IS_THE_FIRST "已是第一位", "this is the first";
    NO_LIST_TO_GO_ON_IN "这里是从另一条详情打开的，没有列表可翻", "opened out of another detail: there is no list to go on in";
    THIS_IS_THE_LAST "已是最后一位", "this is the last";
    THERE_IS_NO_PLACE_TO_GO "没有可回到的位置", "there is no place to go back to";
    THE_INPUT_METHOD_IS_ON_SWITCH "输入法开着：请切到英文再按键", "The input method is on: switch it to English for keys";
    NOT_AVAILABLE_HERE "此处不可用", "not available here";
    MOUSE_ON "鼠标已打开", "mouse on";
    MOUSE_OFF "鼠标已关闭", "mouse off";
    OFFLINE_NOBODY_IS_TALKED_TO "离线模式：不与后端通信", "offline: nobody is talked to";
    PULLING_EVERYTHING_AGAIN "开始全量同步", "pulling everything again";
    SYNC_PAUSED "同步已暂停，输入 :sync.resume 继续", "The sync is paused; :sync.resume goes on";
    LOOKING_FOR_CHANGES "正在同步", "looking for changes";
    NOTHING_NEW "已同步，没有变化", "synced: nothing new";
    CHANGES_CAME "已同步，有变化：{what}", "synced: changes to {what}";
    BACKEND_REPLACED "后端换成了另一个数据库，正在重新拉取全部数据", "the backend is another database now: everything is pulled again";
    CHANGES_GONE "后端已不保留上次以来的变更，正在重新拉取全部数据", "the backend no longer keeps the changes since the last sync: everything is pulled again";
    LEFT_HERE "{key} 回到上次离开的地方", "{key} goes back where you were";
    CUT_OFF "上次意外断开，{key} 回到原处", "the last session was cut off; {key} goes back where you were";
    SAMPLE_BEGUN "正在生成 {n} 位示例客户", "making {n} sample customers";
    SAMPLE_MADE "示例已就绪", "the sample is made";
    NO_SUCH_VIEW "没有这个视图", "no such view";
    MOVE_TO_DRAW_THE_RANGE_V "移动光标选择区间，再按 V 结束", "move to draw the range; V again ends it";
    THERE_IS_NOTHING_TO_COPY_HERE "这里没有可复制的内容", "there is nothing to copy here";
    SENT_TO_THE_CLIPBOARD_NO_TERMINAL "已送往剪贴板(终端不回应)", "sent to the clipboard (no terminal answers)";
    TOO_LONG_TO_COPY "太长，终端剪贴板放不下", "too long for the terminal's clipboard";
    CONFIG_RELOADED "配置已重新载入", "configuration reloaded";
    CONFIG_BROKEN "配置有误，沿用原来的：", "the configuration is broken, the old one stays:";
    CACHE_READ_ONLY "缓存目录只读：可以查看，不能同步", "the cache folder is read-only: reading works, syncing does not";
    CACHE_SET_ASIDE "缓存已损坏，旧文件移到", "the cache was damaged; the old file is now";
    CACHE_REPLACED "缓存已损坏，正在重新拉取;旧文件移到", "the cache was damaged and is being pulled again; the old file is now";
    SALVAGED "未发出的 {n} 处改动已找回", "{n} unsent {n|change was|changes were} got back";
    LOST "这些改动丢失了，请重做：{names}", "these changes are lost, make them again: {names}";
    LOST_UNREAD "另有 {n} 处改动读不出来，已丢失", "{n} more {n|change is lost, and not even its name|changes are lost, and not even their names} can be read";
    WHOLE_PHONE_COPIED "已复制完整号码(终端不回应)", "the whole number was sent to the clipboard (no terminal answers)";
    DONE "完成时间", "done at";
    MESSAGES7 "7天发言", "messages of 7 days";
    COMPANY "公司", "Company";
    UNBOUND "{keys} 在这里没有绑定，? 看帮助", "{keys} does nothing here; ? for help";
    UNREADABLE "{n} 处数据读不懂（详见日志），首处：", "{n} could not be read (see the log); the first:";
    MARKED "已选 {n} 条", "{n} marked";
}
