//! What the commands say besides their data.

words! {
    NAMED "siyu: {line}", "siyu: {line}";
    COLUMN "第 {n} 列: {line}", "column {n}: {line}";
    OWN_ORDER "这个列表有自己的顺序: 去掉 --sort", "this list has an order of its own: leave out --sort";
    EXPORTED "{done} / {of} 行", "{done} of {of} rows";
    NOTHING_PULLED "还没有拉取过数据: 先运行 `siyu sync`", "nothing has been pulled yet: run `siyu sync` first";
    NO_COLUMN "没有列 {name}{nearest};可选: {list}", "no column {name}{nearest}; there are: {list}";
    DID_YOU_MEAN " (是否想写 {name}?)", " (did you mean {name}?)";
    NO_RECORD "缓存的{what}里没有 {id}", "no {id} among the {what} of the cache";
    NO_SUBCOMMAND "没有子命令 {name};可选: {names}", "there is no subcommand {name}; there are {names}";
    DUMB_TERMINAL "TERM=dumb 的终端画不出控制台: 请把 TERM 设为终端的类型 (如 xterm-256color);`siyu list`、`show`、`count` 不需要", "a terminal with TERM=dumb cannot draw the console: set TERM to what the terminal is (such as xterm-256color); `siyu list`, `show` and `count` work without";
    NEEDS_TERMINAL "控制台需要终端;`siyu list`、`show`、`count` 不需要", "the console needs a terminal; `siyu list`, `show` and `count` work without one";
    NO_HOME "没有主目录可放文件: 请给出 --cache-dir DIR", "there is no home directory to keep files in: give --cache-dir DIR";
    OFFLINE_SYNC "--offline 不能与 sync 同用", "--offline and sync exclude each other";
    OFFLINE_DEMO "--offline 不能与 demo 同用: demo 自带后端", "--offline and demo exclude each other: the demo is a backend of its own";
    CACHE_ASIDE "缓存已损坏,旧文件移到 {path},全部重新拉取", "the cache was damaged; the old file is {path}, and everything is pulled again";
    NO_LOG "日志写不进 {path}: {error}", "no log is kept in {path}: {error}";
    CANNOT_WRITE "写不进 {path}: {error}", "cannot write {path}: {error}";
    FAILED "出错: {error}", "{error}";
    SYNC_INTERRUPTED "已中断,下次 sync 接着拉取", "interrupted; the next sync goes on from here";
    SYNC_ROW "{rows} 条 {changed} 变更 {deleted} 删除 {calls} 次请求 {seconds} 秒", "{rows} rows {changed} changed {deleted} deleted {calls} calls {seconds} s";
    OUTBOX "待发", "outbox";
    SENT "{n} 条已发", "{n} sent";
    SENT_FAILED "{n} 条失败", "{n} failed";
    SENT_CONFLICT "{n} 条冲突", "{n} in conflict";
    SENT_UNKNOWN "{n} 条结果不明", "{n} unknown";
    SENT_LATER "{n} 条稍后再发", "{n} later";
    SYNC_PROGRESS "{what} {rows} 条,每秒 {rate}", "{what} {rows} rows, {rate} a second";
    MORE_COMPLAINTS "另有 {n} 处字段或记录读不懂", "and {n} more fields or records that could not be read";
    INIT_THERE "{path} 已经存在,--force 会覆盖它", "{path} is there already; --force overwrites it";
    INIT_WANTS_URL "请给出后端地址: --url http://127.0.0.1:7420", "give the address of the backend: --url http://127.0.0.1:7420";
    ASK_URL "后端地址", "address of the backend";
    ASK_SECRET "密钥在哪里: 环境变量名, 或 file 路径 · command 程序 · keyring 服务/账号 (空: 无)", "where the secret is: an environment variable, or file PATH · command PROGRAM · keyring SERVICE/ACCOUNT (empty: none)";
    ASK_BACKEND "后端", "backend";
    INIT_BACKENDS "自带的连接器: {names};也可写连接器文件的路径", "connectors that come with siyu: {names}; or the path of a connector file";
    INIT_TRIED "已试过: {what}", "tried: {what}";
    NOT_REACHED "连不上 {url}: {error};配置照样写出", "{url} is not reached: {error}; the configuration is written all the same";
    LISTENING "正在监听 {url}", "listening on {url}";
    NO_TAG_CALLED "没有名为 {name} 的{what}{nearest}", "no {what} is called {name}{nearest}";
    NEAREST ";最接近的: {name}", "; nearest: {name}";
    A_TAG "标签", "tag";
    AN_OPERATOR "员工", "operator";
    A_GROUP "群", "group";
    A_CUSTOMER "客户", "customer";
    A_TAG_GROUP "标签组", "tag group";
}
