//! What `siyu doctor` finds and advises.

words! {
    OK "正常", "ok";
    WARNING "注意", "warning";
    FAILED "失败", "failed";
    NO_MISTAKES "{path}: 没有错误", "{path}: no mistakes";
    NO_FILE "{path}: 没有这个文件,按默认值运行", "{path}: there is none; the defaults apply";
    MISTAKES "{n} 处错误,首处: {first}", "{n} {n|mistake|mistakes}; the first: {first}";
    DOUBTS "{n} 处可能并非本意,首处: {first}", "{n} that may not be meant; the first: {first}";
    CHECK_SHOWS "`siyu config check` 逐条列出", "`siyu config check` shows them all";
    INIT_REMEDY "`siyu config init --url URL`,或设置 SIYU_URL;`siyu demo` 不需要后端", "`siyu config init --url URL`, or SIYU_URL; `siyu demo` needs none";
    NOT_ASKED "未询问: --offline", "not asked: --offline";
    DROP_OFFLINE "去掉 --offline 就会询问", "leave --offline away to ask it";
    SEE_ULIMIT "看 `ulimit -a`", "see `ulimit -a`";
    CORRECT_TOKEN "改正 profile 的令牌", "correct the profile's token";
    ANSWERS "{name},地址 {origin}{who},{ms} 毫秒", "{name} at {origin}{who}, {ms} ms";
    AS_WHO ",身份 {who}", ", as {who}";
    CLOCK_AGREES "与后端相差不到 {n} 秒", "agrees with the backend's within {n} s";
    CLOCK_AHEAD "比后端快 {n} 秒", "{n} s ahead of the backend's";
    CLOCK_BEHIND "比后端慢 {n} 秒", "{n} s behind the backend's";
    SET_CLOCK "校准本机时间,例如用 NTP", "set this machine's clock, by NTP for instance";
    NO_PROFILE_CACHE "无: 没有选定 profile", "none: no profile is chosen";
    WILL_BE_MADE "{path}: 将会建立", "{path}: will be made";
    MAKE_YOURS "把 {path} 改为自己所有,或用 --cache-dir", "make {path} yours, or give --cache-dir";
    CANNOT_WRITE "{path} 不能写入", "{path} cannot be written";
    LIES_ON "{path} 位于 {where}", "{path} lies on {where}";
    LOCAL_DISK "把 --cache-dir 指到本机磁盘: SQLite 的日志不能跨网络", "point --cache-dir at a disk of this machine: SQLite's log does not work over a network";
    READABLE "{path} 他人可读 (权限 {mode})", "{path} can be read by others (mode {mode})";
    GIVE_CACHE_DIR "请用 --cache-dir 另指目录", "give --cache-dir";
    SQLITE_BAD "{name}: 两个连接可能损坏缓存", "{name} can damage a cache that two connections use";
    SQLITE_BUNDLED "请用自带的 SQLite 构建 siyu", "build siyu with its bundled SQLite";
    CACHE_SIZE "{path}: {size} MiB,{n} 类记录", "{path}: {size} MiB, {n} kinds of record";
    CACHE_NONE "{path}: 还没有,`siyu sync` 会建立", "{path}: none yet; `siyu sync` makes it";
    CACHE_DAMAGED "{path}: 缓存已损坏", "{path}: the cache is damaged";
    CACHE_UNSOUGHT "{path}: {size} MiB,{n} 类记录;查了 {seconds} 秒,未查完", "{path}: {size} MiB, {n} kinds of record; looked through for {seconds} s, not to its end";
    SET_ASIDE_NEXT "运行 `siyu sync`,或打开控制台: 旧文件会移到一旁并重新拉取", "run `siyu sync` or open the console: either sets it aside and pulls it again";
    CLOSE_OTHERS "关闭其他控制台,或用 --cache-dir 另指目录", "close other consoles, or give --cache-dir";
    SSH_YES "是;为便于选中文字,鼠标默认关闭,除非 ui.mouse = \"on\"", "yes; the mouse is off unless ui.mouse = \"on\", so that selecting text works";
    NO "否", "no";
    NO_TERMINAL "标准输入或输出不是终端", "standard input or output is no terminal";
    OPEN_IN_TERMINAL "请在终端里打开控制台;list、show、count、sync 不需要终端", "open the console in a terminal; list, show, count and sync work without one";
    NO_SIZE "终端没有告知大小: {error}", "it does not tell its size: {error}";
    WANTS_SIZE "控制台至少要 40x10,110 列起显示全部面板", "the console wants 40x10, and shows all panes from 110 columns on";
    TERM_IS "TERM 为 {term}", "TERM is {term}";
    TERM_UNSET "TERM 没有设置", "TERM is not set";
    EXPORT_TERM "export TERM=xterm-256color,或终端的实际类型", "export TERM=xterm-256color, or what your terminal is";
    NOT_UTF8 "{locale} 不是 UTF-8", "{locale} is not UTF-8";
    UNSET_LOCALE "未设置的区域", "an unset locale";
    EXPORT_LANG "export LANG=zh_CN.UTF-8 或 C.UTF-8;tmux 和 shell 靠它显示中文", "export LANG=zh_CN.UTF-8 or C.UTF-8; tmux and the shell need it to show Chinese";
    COLOUR_IS "{depth} (ui.color = {setting},背景 {background})", "{depth} (ui.color = {setting}, background {background})";
    WIDTH_AUTO "auto: 由控制台询问终端;若边框错位,设 ui.width = \"ascii\"", "auto: the console asks the terminal; if borders stand askew, set ui.width = \"ascii\"";
    TMUX_CLIP "OSC 52 经过 tmux,要设置后才会放行", "OSC 52 through tmux, which passes it on only when told to";
    TMUX_SET "在 ~/.tmux.conf 写: set -g set-clipboard on", "in ~/.tmux.conf: set -g set-clipboard on";
    SCREEN_CLIP "GNU screen 不放行 OSC 52", "GNU screen keeps OSC 52 to itself";
    USE_TMUX "改用 tmux,或用鼠标选中", "use tmux, or select with the mouse";
    APPLE_CLIP "Terminal.app 不支持 OSC 52", "Terminal.app knows no OSC 52";
    OTHER_TERMINAL "换一个终端,或用鼠标选中", "use another terminal, or select with the mouse";
    CLIP_OK "OSC 52;终端不会回应,按一次 `y` 再粘贴试试", "OSC 52; no terminal confirms it, so try `y` once and paste";
    /// What is looked at, by its name in JSON.
    table CHECKS {
        terminal "终端", "terminal";
        TERM "TERM", "TERM";
        locale "区域", "locale";
        colour "颜色", "colour";
        width "宽度", "width";
        clipboard "剪贴板", "clipboard";
        ssh "ssh", "ssh";
        configuration "配置", "configuration";
        cache_folder "缓存目录", "cache folder";
        state_folder "状态目录", "state folder";
        SQLite "SQLite", "SQLite";
        cache "缓存", "cache";
        backend "后端", "backend";
        clock "时钟", "clock";
    }
}
