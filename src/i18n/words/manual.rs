//! What the manual page and the end of `--help` say beyond the arguments.

words! {
    NAME "名称", "NAME";
    SYNOPSIS "概要", "SYNOPSIS";
    DESCRIPTION "说明", "DESCRIPTION";
    OPTIONS "选项", "OPTIONS";
    SUBCOMMANDS "子命令", "SUBCOMMANDS";
    ENVIRONMENT "环境变量", "ENVIRONMENT";
    EXIT_STATUS "退出状态", "EXIT STATUS";
    FILES "文件", "FILES";
    IN_SHORT "退出状态: 0 完成,1 失败,2 用法或配置不对,3 部分完成,4 被拒绝,5 冲突,130 中断\n环境变量: SIYU_URL (及 SIYU_BACKEND、SIYU_TOKEN) 代替整个 profile,无需配置文件;`siyu man` 列出全部", "Exit status: 0 done, 1 failed, 2 usage or configuration, 3 partly done, 4 refused, 5 conflict,\n130 interrupted. Environment: SIYU_URL, with SIYU_BACKEND and SIYU_TOKEN, stands for a whole\nprofile, so that no file is needed; `siyu man` has the rest.";
    DO_COMMANDS "命令 (`…` 取到行尾,方括号内可省略;含空格的词加双引号):", "Commands (`…` is all that is left of the line, brackets may be left out, words with blanks stand in\ndouble quotes):";
    DO_SECTION "命令", "COMMANDS OF DO";
    DONE "完成", "Done.";
    FAILED "失败", "It could not be done.";
    USAGE "命令行或配置不对", "The command line or the configuration makes no sense.";
    PARTLY "部分完成", "A part of it was done.";
    REFUSED "被拒绝: 须确认,或为只读", "Refused: it needs a confirmation, or nothing may be written.";
    CONFLICT "冲突: 记录已被改动", "A conflict: the record was changed meanwhile.";
    INTERRUPTED "被信号中断", "Ended by a signal.";
    URL "后端地址;设了它就代替整个 profile", "Address of the backend; it stands for a whole profile.";
    BACKEND "后端种类,与 SIYU_URL 同用,默认 siyu", "Kind of the backend that SIYU_URL names; siyu where it is not set.";
    TOKEN "令牌,只发往 SIYU_URL", "The token; it is sent to SIYU_URL and nowhere else.";
    NO_COLOR "设了就不用颜色", "Where it is set, no colours are used.";
    CONFIG_FILE "配置;`siyu config path` 显示它的位置", "The configuration; `siyu config path` says where it lies.";
    CACHE_FILE "profile 的缓存: 可以再拉取的,和尚未发出的写入", "The cache of a profile: what can be pulled again, and writes that are not sent yet.";
    STATE_FOLDER "上次的位置、历史和草稿", "The place where one was, history and drafts.";
    LOG_FILE "日志", "The log.";
    STORE_FILE "`siyu serve` 的数据库", "The database of `siyu serve`.";
}
