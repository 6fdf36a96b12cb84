//! Days and times.

words! {
    TODAY "今天", "today";
    YESTERDAY "昨天", "yesterday";
    TOMORROW "明天", "tomorrow";
    DAYS_AGO "{n}天前", "{n}d ago";
    JUST_NOW "刚刚", "just now";
    DUE_PASSED "!逾期 {n}", "!overdue {n}";
    NEXT_WEEK "下周{day}", "next {day}";
    MON "周一", "Mon";
    TUE "周二", "Tue";
    WED "周三", "Wed";
    THU "周四", "Thu";
    FRI "周五", "Fri";
    SAT "周六", "Sat";
    SUN "周日", "Sun";
    SPAN_S "{a}秒", "{a}s";
    SPAN_M "{a}分{b}秒", "{a}m {b}s";
    SPAN_H "{a}时{b}分", "{a}h {b}m";
    SPAN_D "{a}天{b}时", "{a}d {b}h";
    NEVER "从未", "never";
    EARLIER "更早", "earlier";
    NO_DATE "无日期", "no date";
    /// How long overdue, by unit.
    table OVERDUE {
        minutes "!逾期{n}分", "!{n}m overdue";
        hours "!逾期{n}时", "!{n}h overdue";
        days "!逾期{n}天", "!{n}d overdue";
    }
    /// How old, by unit.
    table AGES {
        minutes "{n}分钟前", "{n}m ago";
        hours "{n}小时前", "{n}h ago";
        days "{n}天前", "{n}d ago";
    }
}
