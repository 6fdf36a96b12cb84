//! What `siyu do` and `siyu outbox` say.

words! {
    NO_CHANGE "{command} 不改动任何记录,`siyu do` 只执行写入的命令", "{command} changes nothing; `siyu do` runs commands that write";
    NO_RECORDS_WANTED "{command} 不针对已有记录: 去掉 --on 和 --ids", "{command} is meant for no records: leave out --on and --ids";
    TAG_IS_NAMED "{command} 已写明是哪个标签: 去掉 --on 和 --ids", "{command} names its tag already: leave out --on and --ids";
    WHICH "{command} 要对哪些记录执行? 请给出 --on 筛选 或 --ids", "on which records is {command} to be run? give --on FILTER or --ids";
    IDS_UNREAD "读不出编号: {error}", "the ids cannot be read: {error}";
    NOTHING_TO_DO "没有要改的", "there is nothing to do";
    WANTS_YES "这会改动 {n} 条记录 ({risk}): 加上 --yes 或 --yes={n} 以确认,--dry-run 可先查看", "this changes {n} {n|record|records} ({risk}): add --yes or --yes={n} to confirm, or --dry-run to look first";
    OTHER_NUMBER "--yes={given},而这会改动 {n} 条记录: 未执行", "--yes={given}, but this changes {n} {n|record|records}: nothing was done";
    OTHER_COUNT "--yes={given},而这会改动 {n} 条记录: 如此不会执行", "--yes={given}, but this changes {n} {n|record|records}: it would be refused";
    ASK_YES "{label}: 改动 {n} 条记录 ({risk})。执行吗? [y/N] ", "{label}: changes {n} {n|record|records} ({risk}). Go on? [y/N] ";
    ASK_NUMBER "{label}: 改动 {n} 条记录 ({risk})。输入 {n} 以确认: ", "{label}: changes {n} {n|record|records} ({risk}). Type {n} to confirm: ";
    NOT_DONE "未执行", "nothing was done";
    EMPTY_FILTER "--on 的筛选是空的(变量没有设置?): 请写明筛选;要针对全部,把编号交给 --ids -", "the filter of --on is empty (an unset variable?): write which records; for all of them hand their ids to --ids -";
    SKIPPED_ONE "{name} ({id}): 跳过: {why}", "{name} ({id}): skipped: {why}";
    MOVED "{name} ({id}): 已被他人改动,未覆盖", "{name} ({id}): changed meanwhile, left as it is";
    FAILED_ONE "{name}: {what}: 被拒绝: {words}", "{name}: {what}: refused: {words}";
    CONFLICT_ONE "{name}: {what}: 与他人的改动冲突{words}", "{name}: {what}: in conflict with somebody else's change{words}";
    UNKNOWN_ONE "{name}: {what}: 已发出,没有回答: {words}", "{name}: {what}: sent, and no answer came: {words}";
    MORE "另有 {n} 条", "and {n} more";
    WILL_BE_SENT "已排队,下次同步时发送", "queued; the next sync sends it";
    WAIT_UNTIL "已排队,{at} 后再同步即发送 ({error})", "queued; a sync from {at} on sends it ({error})";
    STAY_QUEUED "{n} 条留在队列中,{at} 后再同步即发送 ({error})", "{n} {n|stays|stay} queued; a sync from {at} on sends {n|it|them} ({error})";
    STAY_UNPULLED "{n} 条留在队列中,其记录尚未取回,{at} 后再同步即发送", "{n} {n|stays|stay} queued until {n|its record is|their records are} pulled; a sync from {at} on sends {n|it|them}";
    STILL_QUEUED "{n} 条写入仍在队列中,下次同步时发送", "{n} {n|write stays|writes stay} queued; the next sync sends {n|it|them}";
    RESTS "后端要求稍候,{n} 秒后继续", "the backend asks to wait; going on in {n} s";
    SEE_OUTBOX "`siyu outbox` 查看,`siyu outbox retry` 重新发送,`siyu outbox discard N` 放弃", "`siyu outbox` shows them, `siyu outbox retry` sends them again, `siyu outbox discard N` drops one";
    SENT_ELSEWHERE "已排队,由另一个正在运行的 siyu 发送", "queued; another siyu that runs here sends it";
    NOT_SENT "已排队,下次同步时发送 ({error})", "queued; the next sync sends it ({error})";
    QUEUED_N "{n} 条已排队", "{n} queued";
    SKIPPED_N "{n} 条跳过", "{n} skipped";
    MOVED_N "{n} 条未覆盖", "{n} left";
    SENT_N "{n} 条已发送", "{n} sent";
    FAILED_N "{n} 条被拒绝", "{n} refused";
    CONFLICTS_N "{n} 条冲突", "{n} in conflict";
    UNKNOWN_N "{n} 条结果不明", "{n} unknown";
    BETWEEN ", ", ", ";
    NO_DRY_RUN "{command} 不能预演", "{command} has no dry run";
    TURNED "{command} {what}: 撤下 {withdrawn} 条,反向 {inverted} 条,未动 {left} 条", "{command} {what}: {withdrawn} taken out of the outbox or put back, {inverted} sent back, {left} left";
    LEFT "{name} ({id}): 之后又有改动或无法撤回,未动", "{name} ({id}): changed since or not to be taken back, left as it is";
    AGAIN "{n} 条重新发送,{sent} 条已发送", "{n} again, {sent} sent";
    DROPPED "{n} 条已丢弃", "{n} dropped";
    NO_WRITE "发件箱里没有 {n}", "there is no {n} in the outbox";
    WOULD_WRITE "将写入 {n} 条:", "would write {n}:";
    WOULD_SKIP "跳过 {n} 条:", "skips {n}:";
}
