//! Words of the outbox.

words! {
    TITLE "待发", "Outbox";
    COUNT "{n} 条", "{n}";
    EMPTY "没有待发的修改，全部已送达", "Nothing waits: all of it has arrived";
    STATE "状态", "State";
    RECORD "记录", "Record";
    WHAT "修改", "Change";
    MADE "时间", "Made";
    WORDS "后端说", "The backend";
    ATTEMPTS "已试次数", "Attempts";
    NEXT "下次", "next";
    BASE "原来", "before";
    MEANS_QUEUED "等待发送", "waits for its turn";
    MEANS_SENDING "正在发送", "is on its way";
    MEANS_DONE "已送达", "has arrived";
    MEANS_FAILED "被后端拒绝：r 重发，e 改后重发，d 放弃", "was refused: r sends it again, e edits it, d drops it";
    MEANS_CONFLICT "他人改了同一处：m 用我的，t 用对方的，enter 逐项选", "somebody changed the same: m keeps mine, t takes theirs, enter chooses";
    MEANS_KEPT "后端没有地方存放，只留在本机", "the backend has no place for it: it is kept here";
    MEANS_UNKNOWN "没有收到回音：先查证，不会重复发送", "no answer came: it is looked up before anything is sent again";
}
