//! Palette, pickers and input lines.

words! {
    PALETTE "命令面板", "Command palette";
    SORT "排序", "Sort by";
    COLUMNS "列", "Columns";
    NO_ROOM "放不下", "no room";
    TAGS "标签（Tab 勾选）", "Tags (Tab toggles)";
    TAGS_OFF "去标签（Tab 勾选）", "Take tags off (Tab toggles)";
    SIDES "勾选的用我的（Tab 切换）", "Checked fields stay mine (Tab toggles)";
    VIEWS "视图", "Saved views";
    PROFILES "配置档", "Profiles";
    OPEN_ALREADY "已打开", "open already";
    NO_PROFILE "没有配置档 {name}", "there is no profile {name}";
    TIMELINE "时间线筛选", "Filter the timeline";
    SEARCH "搜索", "Search";
    COMMAND "命令", "Command";
    NONE "没有可选的", "nothing to choose from";
    NO_VIEWS "还没有视图，可在配置 [views.名字] 里添加", "no saved views: [views.NAME] in the config adds one";
    ASCENDING "升序", "ascending";
    DESCENDING "降序", "descending";
    SHOWN "显示", "shown";
    HIDDEN "隐藏", "hidden";
    SEARCH_HINT "拼音、首字母、key:value", "text, pinyin, key:value";
    MATCHES "{n} 个匹配", "{n} match";
    ALL_VALUES "全部", "all";
}
