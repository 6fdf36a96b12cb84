//! What the sync is doing.

words! {
    IDLE "空闲", "idle";
    CONNECTING "连接中", "connecting";
    PULLING "拉取{what} {n}/{total}", "pulling {what} {n}/{total}";
    PULLING_UNKNOWN "拉取{what} {n}", "pulling {what} {n}";
    ASKING "正在请求{what}", "asking for {what}";
    CATCHING_UP "追赶变更 {n}", "catching up, {n} changes";
    LIVE "实时", "live";
    POLLING "轮询", "polling";
    WAITING "{n}秒后重试", "retrying in {n}s";
    PAUSED "已暂停", "paused";
    RESUMED "接着上次继续", "going on where it stopped";
    DONE "完成", "done";
    FAILED "失败", "failed";
    RATE "{n} 条/秒", "{n}/s";
    TIME_LEFT "剩 {time}", "{time} left";
    PULL_AGAIN "变更记录已过期,重新全量拉取", "the change log has expired; pulling everything again";
    SUMMARY "{what}: 新增 {added} 更新 {changed} 删除 {deleted}", "{what}: {added} new, {changed} changed, {deleted} deleted";
}
