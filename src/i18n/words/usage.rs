//! What `--help` says, and what is said about arguments that make no sense.
//!
//! [`HELP`] is found by its English, which stands in the doc comments of the arguments: a test
//! walks all of them.

words! {
    USAGE "用法:", "Usage:";
    COMMANDS "命令:", "Commands:";
    COMMAND "命令", "COMMAND";
    OPTIONS "选项:", "Options:";
    ARGUMENTS "参数:", "Arguments:";
    DEFAULT "[默认: {value}]", "[default: {value}]";
    ENVIRONMENT "[环境变量: {name}]", "[env: {name}]";
    CHOICES "[可选: {words}]", "[possible values: {words}]";
    CHOICES_BELOW "可选:", "Possible values:";
    TRY_HELP "详见 `{command} --help`", "try `{command} --help`";
    NO_SUCH_OPTION "没有这个参数: {arg}", "there is no argument {arg}";
    NO_SUCH_COMMAND "没有这个命令: {name}", "there is no command {name}";
    WRONG_CHOICE "{arg} 不能是 {value}", "{arg} cannot be {value}";
    VALUE_MISSING "{arg} 缺少值", "{arg} wants a value";
    THERE_ARE "可选: {words}", "there are: {words}";
    MEANT "是否想写 {name}?", "did you mean {name}?";
    NOT_TOGETHER "{arg} 不能与 {other} 同用", "{arg} and {other} exclude each other";
    TWICE "{arg} 只能写一次", "{arg} stands twice";
    REQUIRED "缺少: {args}", "missing: {args}";
    WANTS_COMMAND "后面要跟一个命令", "a command is wanted";
    NOT_UTF8 "参数不是 UTF-8 文字", "an argument is not UTF-8";
    NO_SENSE "参数不对", "the arguments make no sense";
    NOT_WITHIN "应在 {range} 之内", "it lies within {range}";
    NO_NUMBER "应为整数", "it is a whole number";
    PLACES_ARE "可选: {names}", "places are {names}";
    ADDRESS_LIKE "应写成 127.0.0.1:7420 这样", "an address is written like 127.0.0.1:7420";
    /// Every text of the help, by its English.
    table HELP {
        program "siyu (私域): 键盘操作的客户社群控制台", "siyu: the keyboard-driven console for customer communities";
        demo "用示例社群打开控制台,无需配置", "Open the console on a sample community, with nothing to configure";
        serve "单独运行自带后端", "Run the native backend as a server of its own";
        sync "推送排队的写入,再全部拉取一次", "Push queued writes, then pull everything once";
        list "列出缓存中的记录", "List records of the cache";
        show "完整显示一条记录", "Show one record, whole";
        count "统计缓存中的记录数", "Count records of the cache";
        config "检查、写出或显示配置", "Check, write or show the configuration";
        keys "显示当前生效的按键", "Show the effective key bindings";
        doctor "检查终端、文件和后端,指出问题", "Look at terminal, files and backend, and say what is wrong with them";
        completions "输出 shell 的补全脚本", "Print the completion script of a shell";
        man "输出手册页", "Print the manual page";
        help_command "显示本说明或子命令的说明", "Print this message or the help of the given subcommand(s)";
        help_flag_long "显示说明(-h 为简要)", "Print help (see a summary with '-h')";
        help_flag_short "显示说明(--help 为详细)", "Print help (see more with '--help')";
        version "显示版本", "Print version";
        g_config "配置文件;缓存和状态随之移动", "The configuration file; it moves cache and state with it";
        g_profile "使用的 profile", "The profile to work with";
        g_cache_dir "缓存、状态和日志所在目录", "Where cache, state and log are kept";
        g_lang "界面语言", "Language of the interface";
        chinese "中文", "Chinese";
        english "英文", "English";
        g_offline "不联网,只用缓存", "Talk to nobody: work from the cache alone";
        g_read_only "不改动后端的任何内容", "Change nothing at the backend";
        g_no_color "不用颜色", "No colours";
        g_plain "供读屏软件: 无边框,逐行带标签", "For screen readers: no borders, labelled lines";
        g_verbose "多写日志;写两次则全部写", "Log more; twice for everything";
        demo_customers "客户数", "How many customers";
        demo_seed "生成社群的种子", "What the community is drawn from";
        demo_still "社群静止不动", "Nothing goes on by itself";
        serve_listen "监听地址;非本机回环须有令牌", "Address to listen on; anything but loopback needs a token";
        serve_db "服务器的 SQLite 文件 [默认: 数据目录中的 serve.db]", "SQLite file of the server [default: serve.db in the data directory]";
        serve_token "客户端须带的令牌;写在参数里本机他人可见,宜用 SIYU_SERVE_TOKEN", "Bearer token that clients must send; as an argument others on this machine can see it, so better set SIYU_SERVE_TOKEN";
        serve_sample "装入 N 位客户的示例社群", "Fill the server with a sample community of N customers";
        serve_seed "示例社群的种子: 种子相同,社群相同", "Seed of the sample community: the same seed, the same community";
        serve_still "示例社群静止不动", "Let the sample community stand still instead of going on";
        sync_full "全部重新拉取,不只拉变更", "Pull everything again, not only what changed";
        sync_format "拉取结果的格式", "How to print what was pulled";
        sync_table "每类一行,供人看", "One line per kind, for the eye";
        one_document "一个 JSON 文档", "One document";
        sync_jsonl "每类一行,一行一个对象", "One object per kind and line";
        list_resource "要列出的内容", "What to list";
        audit "谁做过什么", "What was done, by whom";
        outbox "尚未落定的排队写入", "Queued writes that are not settled";
        list_filter "筛选条件;各词以空格相连", "Which rows, in the filter language; words are joined by spaces";
        list_sort "排序键,如 `-ltv,name`", "Order by these keys, such as `-ltv,name`";
        list_limit "最多几行", "At most so many rows";
        list_columns "显示哪些列: 记录的字段,或表格中的列", "Which columns: fields of the record, or what tables show";
        list_format "输出格式", "How to print them";
        table "按列对齐,供人看", "Columns for the eye";
        json "一个数组", "One array";
        jsonl "每行一个对象", "One object per line";
        csv "RFC 4180,带表头", "RFC 4180 with a header";
        show_resource "记录的种类", "What kind of record";
        show_id "记录的 id", "Its id";
        show_format "输出格式", "How to print it";
        count_resource "要统计的内容", "What to count";
        config_check "逐条列出错误: path:line:col、该行和提示", "Print every mistake as path:line:col, with the line and a hint";
        config_init "写出带注释的配置", "Write a commented configuration";
        config_path "输出配置文件的位置", "Print where the configuration lies";
        config_show "输出生效的配置,隐去密钥", "Print the effective configuration, with secrets masked";
        config_schema "输出配置的 JSON Schema", "Print a JSON Schema of the file";
        init_backend "后端种类", "The kind of backend";
        init_url "后端地址,如 http://127.0.0.1:7420", "The backend's address, such as http://127.0.0.1:7420";
        init_token_env "存放令牌的环境变量", "The environment variable that holds the token";
        init_force "覆盖已有的配置", "Overwrite a configuration that is there";
        keys_table "按列对齐,供人看", "Columns, for the eye";
        keys_place "只看某处的按键,如 `customers`", "Only the keys of this place, such as `customers`";
        keys_markdown "Markdown", "Markdown";
        doctor_format "检查结果的格式", "How to print the findings";
        doctor_table "逐行,供人看", "Lines, for the eye";
        shell "shell 的名字", "The shell";
        man_subcommand "只看这个子命令的手册页", "The page of this subcommand instead of the whole";
    }
}
