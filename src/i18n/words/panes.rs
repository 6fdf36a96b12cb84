//! The four panes: titles, empty states, lines below.

words! {
    CUSTOMERS "客户", "Customers";
    TAGS "标签", "Tags";
    GROUPS "群动态", "Group activity";
    FOLLOW_UPS "待跟进", "Follow-ups due";
    ONE_CUSTOMER "客户", "Customer";
    ONE_TAG "标签", "Tag";
    ONE_GROUP "群", "Group";
    ONE_FOLLOW_UP "跟进", "Follow-up";
    ONE_MEMBER "成员", "Member";
    IN_7_DAYS "7天", "7 days";
    TAG_GROUP "标签组", "Tag group";
    GROUPS_SHORT "群", "Groups";
    FOLLOW_UPS_SHORT "待跟进", "Due";
    PREVIEW "预览", "Preview";
    STILL "仍按: {filter}", "still: {filter}";
    STILL_ALL "仍为全部", "still all";
    FILTER "筛选: {filter}", "filter: {filter}";
    MARKED "{n} 已选 / {total}", "{n} marked / {total}";
    TOTAL "共 {n}", "{n}";
    FOLLOW_UP_TOTAL "{n} 条 · {overdue} 逾期", "{n} · {overdue} overdue";
    FOLLOW_UP_TOTAL_ALL "全员 {n} 条 · {overdue} 逾期", "everybody's: {n} · {overdue} overdue";
    POSITION "{at}/{total}", "{at}/{total}";
    SORTED "排序: {by}", "by {by}";
    UNGROUPED "未分组", "no group";
    EXCLUSIVE "单选", "one only";
    TODAY_LINE "今日 发言 {messages}  入群 {joined}  退群 {left}", "today {messages} messages  {joined} joined  {left} left";
    DYING "!", "!";
    DYING_WORD "衰退", "dying";
    QUIET_WORD "沉默", "quiet";
    NOBODY "未分配", "nobody";
    ME "我", "me";
    UNKNOWN_CUSTOMER "(客户未同步)", "(customer not synced)";
    NO_CUSTOMERS "还没有客户", "No customers yet";
    NO_TAGS "还没有标签", "No tags yet";
    NO_GROUPS "还没有客户群", "No groups yet";
    NO_FOLLOW_UPS "没有待跟进，很好", "Nothing is due. Well done";
    NO_MATCH "没有符合的结果 · {key} 清除筛选", "Nothing matches · {key} clears the filter";
    NO_MATCH_PLAIN "没有符合的结果", "Nothing matches";
    NEVER_PULLED "尚未同步过，还不知道有什么", "Never pulled: what there is, is not known yet";
    LOADING "载入中", "loading";
    FIRST_PULL "首次同步中，数据会陆续出现", "The first sync is running; rows appear as they come";
    TOO_SMALL "窗口太小，至少 {width}x{height}", "The window is too small: {width}x{height} at least";
}
