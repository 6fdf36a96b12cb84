//! What can go wrong, as the console words it.

words! {
    UNKNOWN_KEY "没有筛选项 {key}", "no key {key}";
    NEAREST "是否想写 {name}?", "did you mean {name}?";
    BAD_VALUE "{key}: {value} 应为{expects}", "{key}: {value} is not {expects}";
    EXPECTS_NUMBER "整数,如 5、12k、3万", "a whole number, such as 5 or 12k";
    EXPECTS_MONEY "金额,如 100000 (分)、¥1000", "money: 100000 in minor units, or ¥1000";
    EXPECTS_RATIO "比例,如 0.5、50%", "a share, such as 0.5 or 50%";
    EXPECTS_DATE "日期,如 2026-03-01、today、-30d", "a date, such as 2026-03-01, today or -30d";
    EXPECTS_BIRTHDAY "生日,如 03-17、03、today", "a day of the year, such as 03-17, 03 or today";
    EXPECTS_SCORE "RFM 分,如 5-3-4、r>=4", "an RFM score, such as 5-3-4 or r>=4";
    EXPECTS_ONE_OF "其中之一: {words}", "one of {words}";
    NO_VALUE "{key}: 缺少值", "{key}: wants a value";
    UNCLOSED_QUOTE "引号没有闭合", "the quotation mark is not closed";
    UNCLOSED_PAREN "括号没有闭合", "the parenthesis is not closed";
    STRAY_PAREN "多余的右括号", "this parenthesis was never opened";
    EMPTY_PARENS "括号里没有内容", "nothing between the parentheses";
    LONE_OR "OR 两边都要有条件", "OR wants something on both sides";
    LONE_AND "AND 两边都要有条件", "AND wants something on both sides";
    EMPTY_TEXT "引号里没有内容", "nothing between the quotation marks";
    TOO_MANY "条件太多,最多 {n} 个", "too many conditions: {n} at most";
    LONE_MINUS "- 后面没有条件", "nothing to negate";
    NO_ORDER "{key} 不能比较大小", "{key} has no order";
    BACKWARD_RANGE "{key}: 范围写反了", "{key}: the range ends before it begins";
    TOO_LONG "太长,最多 {n} 字节", "too long: {n} bytes at most";
    TOO_DEEP "嵌套太深,最多 {n} 层", "nested too deep: {n} levels at most";
    UNKNOWN_SORT "不能按 {key} 排序", "cannot sort by {key}";
    UNKNOWN_COMMAND "没有命令 {name}", "no command is called {name}";
    MISSING_ARGUMENT "{command} 缺少 {arg}", "{command} needs {arg}";
    WRONG_ARGUMENT "{command}: {value} 应为 {wanted}", "{command}: {value} is not {wanted}";
    TOO_MANY_ARGUMENTS "{command} 的参数太多", "{command} takes nothing more";
    NO_VIEW "没有视图 {name}", "no view is called {name}";
    UNREACHABLE "连不上后端: {error}", "the backend cannot be reached: {error}";
    UNAUTHORISED "后端拒绝了令牌,请检查配置", "the backend refused the token; check the configuration";
    TIMED_OUT "后端超时", "the backend took too long";
    BAD_ANSWER "看不懂后端的回答: {error}", "the backend's answer makes no sense: {error}";
    CACHE_NEWER "缓存来自更新的版本 ({found}),本版只认 {known}", "the cache is of a newer version ({found}); this one knows {known}";
    CACHE_DAMAGED "缓存损坏,已移到 {path},将重新拉取", "the cache was damaged, is set aside at {path}, and is pulled again";
    CACHE_FULL "磁盘写不进: {error}", "the disk takes no more: {error}";
    BAD_RECORDS "{n} 条记录有坏字段,其余照常", "{n} {n|record has|records have} bad fields; the rest is kept";
    CONFIG_BROKEN "配置有误", "the configuration is broken";
}
