//! The header line.

words! {
    CONNECTED "已连接", "connected";
    CONNECTING "连接中", "connecting";
    OFFLINE "离线", "offline";
    OFFLINE_SINCE "离线 {age}", "offline {age}";
    REFUSED "登录被拒", "login refused";
    LIMITED "限流,{n}秒后重试", "rate limited, retry in {n}s";
    LATENCY "{n}ms", "{n}ms";
    DATA_AGE "数据 {age}", "data {age}";
    SYNCED "已同步 {age}", "synced {age}";
    SYNCING "同步中 {percent}", "syncing {percent}";
    UNSENT "待发 {n}", "unsent {n}";
    UNDELIVERED "未送达", "undelivered";
    READ_ONLY "只读", "read-only";
    UNWRITABLE "写不进磁盘", "cannot save";
    DUE "待跟进 {n}", "due {n}";
    DUE_TODAY "今日待跟进 {n}", "due today {n}";
    TODAY "今日 {n}", "today {n}";
    MINE "我的", "my ";
    OVERDUE "逾期 {n}", "overdue {n}";
    DEMO "演示", "demo";
    FOLLOWER "另一个 siyu 在同步", "another siyu syncs this cache";
    FOLLOWER_SHORT "他处在同步", "synced elsewhere";
    NEVER_PULLED "尚未同步过", "never pulled";
    SLOW "慢 {n}秒", "slow: {n}s";
}
