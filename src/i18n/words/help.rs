//! Help and which-key.

words! {
    TITLE "帮助", "Help";
    SEARCH "输入以查找", "type to search";
    NO_MATCH "没有匹配的命令", "no command matches";
    HERE "这里的按键", "Keys that work here";
    ALL "全部命令", "All commands";
    KEY "按键", "Key";
    COMMAND "命令", "Command";
    DOES "作用", "Does";
    RISK "影响", "Risk";
    NO_KEY "无按键", "no key";
    WHICH_KEY "接下来", "next key";
    MORE "还有 {n} 个", "{n} more";
    COUNTS "次数 (计数)", "Counts";
    COUNTS_TOLD "数字在按键前；1–4 开头的先按 0：0 1 0 j 下移十行", "a number goes before the key; one that begins with 1-4 behind a 0: ten rows";
    FILTER_LANGUAGE "筛选语法", "Filter language";
    FILTER_TEXT "姓名、备注、别名、电话、拼音", "text: name, remark, alias, phone, pinyin";
    FILTER_KEY "键:值;多个值任一即可", "key:value, key:a,b: any of them";
    FILTER_RANGE "比较、范围、相对日期", "key:>=5, key:5..9, key:<-30d, key:today";
    FILTER_HAS "有无、状态;- 表示排除", "has:phone, is:overdue, - negates";
    SPARKS "走势：一天一格，到昨天为止，不含未过完的今天", "a trend: a cell a day up to yesterday, today left out";
    FILTER_OR "空格为且,OR 为或,可加括号", "OR and parentheses; a space is AND";
    /// Where a command can be used, by the names of layers of keys.
    table PLACES {
        global "各处", "every place";
        list "四个面板", "the panes";
        customers "客户面板", "customers";
        tags "标签面板", "tags";
        groups "群动态面板", "groups";
        follow_ups "待跟进面板", "follow-ups";
        customer "客户详情", "a customer";
        group "群详情", "a group";
        follow_up "跟进详情", "a follow-up";
        outbox "待发", "the outbox";
        triage "分拣", "triage";
        steps "录制编辑", "recorded steps";
        help "帮助", "help";
    }
    /// What a command can do to the community.
    table RISKS {
        read "只读", "read";
        write "修改", "write";
        bulk "批量", "bulk";
        outbound "触达客户", "outbound";
        irreversible "不可撤销", "irreversible";
    }
}
