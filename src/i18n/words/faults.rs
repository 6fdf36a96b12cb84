//! Why something could not be done: the cache, the backend, the token, the system.

words! {
    CACHE_MISSING "{path} 还没有缓存: 先运行 `siyu sync`", "there is no cache at {path}: run `siyu sync` first";
    CACHE_NEWER "{path} 的缓存由更新的 siyu 写成 (格式 {found},本版认到 {known}): 请升级 siyu,或用 --cache-dir 另指目录", "the cache at {path} was made by a newer siyu (its format is {found}, this one knows {known}): update siyu, or point --cache-dir elsewhere";
    CACHE_OLDER "缓存由旧版 siyu 写成,而它的目录不能写入: 请让目录可写一次", "the cache is of an earlier siyu, and its folder cannot be written: make it writable once";
    CACHE_REFUSED "只读模式: 不能改动", "read-only: nothing can be changed";
    CACHE_FOREIGN "{path} 是别的程序的数据库: 请用 --cache-dir 另指目录", "{path} is a database of another program: point --cache-dir elsewhere";
    CACHE_DAMAGED "缓存已损坏: 运行 `siyu sync`,旧文件会移到一旁并重新拉取", "the cache is damaged: run `siyu sync`, which sets it aside and pulls it again";
    CACHE_FULL "磁盘已满,缓存写不进: 请腾出空间,再试一次", "there is no space left for the cache: make room, then try again";
    CACHE_QUOTA "磁盘配额用完了,缓存写不进: 请删些文件或申请更多配额,再试一次", "the disk quota leaves no space for the cache: remove files or ask for more, then try again";
    CACHE_FILE_SIZE "文件大小到了限制,缓存写不进: 请放宽 `ulimit -f`,再试一次", "the limit of file sizes leaves no space for the cache: raise `ulimit -f`, then try again";
    CACHE_READ_ONLY "缓存只读,写不进", "the cache is read-only";
    CACHE_BUSY "另一个 siyu 正占用缓存,稍后再试", "another siyu keeps the cache busy; try again later";
    CACHE_REPLACED "缓存刚被另一个 siyu 换新,这次没有写入: 请再试一次", "another siyu has just replaced the cache; nothing was written: try again";
    CACHE_HELD "缓存已损坏,而进程 {process} 正在用它: 请先退出那个 siyu,再试一次", "the cache is damaged, and process {process} works with it: end that siyu, then try again";
    CACHE_INTERRUPTED "已中断", "interrupted";
    CACHE_OLD_SQLITE "SQLite {found} 太旧: 3.51.3 之前两个连接可能损坏缓存", "SQLite {found} is too old: two connections may corrupt the cache before 3.51.3";
    CACHE_IO "{path}: {error}", "{path}: {error}";
    CACHE_RECORD "缓存里的 {what} {id} 读不出来: 运行 `siyu sync --full`", "the stored {what} {id} cannot be read: run `siyu sync --full`";
    CACHE_SQLITE "缓存读写出错: {error}", "the cache failed: {error}";
    WRITER_GONE "写缓存的线程已结束", "the thread that writes to the cache has ended";
    SYNCING_ELSEWHERE "另一个 siyu 正在同步这份缓存", "another siyu is syncing this cache";
    SEE_DOCTOR "看 `siyu doctor`: 磁盘是否有空间,缓存能否写入", "see `siyu doctor`: is there space, and may the cache be written?";
    CLOSE_OTHER "关闭另一个控制台,或直接读它拉取的内容", "close the other console, or read what it pulls";
    OUTPUT "写不出结果: {error}", "cannot write the output: {error}";
    NOT_FOUND "没有这个文件或目录", "no such file or directory";
    NO_PERMISSION "没有权限", "permission denied";
    REFUSED "连接被拒绝", "connection refused";
    IN_USE "地址已被占用", "the address is in use";
    NOT_OURS "本机没有这个地址", "this machine does not have the address";
    TIMED_OUT "超时", "it took too long";
    EXISTS "已经存在", "it is there already";
    NO_SPACE "磁盘已满", "no space is left";
    READ_ONLY "文件系统只读", "the file system is read-only";
    IS_FOLDER "是目录,不是文件", "it is a folder, not a file";
    NO_FOLDER "不是目录", "it is not a folder";
    UNREACHABLE "网络不通", "the network does not reach it";
    NOT_TEXT "内容不是 UTF-8 文字", "it is not UTF-8 text";
    TOKEN_UNSET "token_env: 环境变量 {name} 没有设置", "token_env: the environment variable {name} is not set";
    TOKEN_FILE "token_file: {path}: {error}", "token_file: {path}: {error}";
    TOKEN_EXPOSED "token_file: {path} 他人可读: 请 chmod 600", "token_file: {path} can be read by others: chmod 600 it";
    TOKEN_COMMAND "token_command: {program} 没有成功", "token_command: {program} did not succeed";
    TOKEN_KEYRING "keyring: 没有取到令牌", "keyring: it gave no token";
    TOKEN_NONE "{source} 没有给出令牌: 应为一行文字", "{source} gave no token: one line of text is expected";
    STORE_OPEN "打不开 {path}", "cannot open {path}";
    STORE_FOREIGN "{path} 不是 siyu serve 的数据库", "{path} is not a database of siyu serve";
    STORE_NEWER "{path} 的存储版本是 {found},本版认到 {known}: 请用更新的 siyu", "{path} has version {found} of the store, and this siyu knows {known}: use the newer siyu";
    STORE_SQL "存储读写出错: {error}", "the store failed: {error}";
    STORE_TAKEN "另一个 siyu serve 正使用 {path}{by}\n  先停掉它,或用 --db 另指文件", "another siyu serve uses {path}{by}\n  stop it first, or choose another file with --db";
    STORE_TAKEN_BY " (进程 {pid})", " (process {pid})";
    LISTEN_TOKEN "{listen} 不是本机回环地址,须有令牌\n  设置 SIYU_SERVE_TOKEN (或 --token),或监听 127.0.0.1", "listening on {listen}, which is not loopback, needs a token\n  set SIYU_SERVE_TOKEN (or --token), or listen on 127.0.0.1";
    LISTEN_IN_USE "{listen} 已被占用\n  停掉占用它的程序,或用 --listen 换一个地址", "{listen} is already in use\n  stop what listens there, or choose another with --listen";
    LISTEN_FAILED "不能监听 {listen}: {error}\n  用 --listen 换一个地址", "cannot listen on {listen}: {error}\n  choose another with --listen";
    BAD_TOKEN "令牌为空,或含有请求头放不下的字符\n  请用字母、数字和符号", "the token is empty or has characters that a header cannot carry\n  use letters, digits and signs";
    OTHER_CONTENTS "{path} 里是 {found},不是 {wanted}\n  用 --db 另指文件,或去掉 --sample", "{path} holds {found}, not {wanted}\n  choose another file with --db, or leave out --sample";
    OWN_RECORDS "别的记录", "records of its own";
    NO_HOME_FOR_STORE "这个账号没有主目录,放不了服务器的文件\n  用 --db 指定一个", "this account has no home directory to keep the server's file in\n  name one with --db";
    NO_FOLDER_FOR_STORE "没有文件夹 {path},它的上级也不存在\n  先建好它: mkdir -p {path},或改 --db", "there is no folder {path}, nor the one that it would be in\n  make it first: mkdir -p {path}, or name another file with --db";
    START_THREADS "服务器的线程启动不了: {error}", "the server's threads do not start: {error}";
    NO_TLS "对方是 http,不用 TLS: `url` 应以 http:// 开头", "it speaks http and no TLS: `url` begins with http:// there";
    /// What a failure of the backend is, by its kind.
    table KINDS {
        auth "令牌不被接受", "the token is not accepted";
        forbidden "没有权限", "it is not permitted";
        not_found "没有这个接口或记录", "there is no such endpoint or record";
        conflict "记录已被改动", "the record changed meanwhile";
        rate "请求太频繁", "too many requests";
        validation "后端不接受这个请求", "the backend does not accept the request";
        gone "变更记录已过期", "the changes are no longer kept";
        server "后端出错", "the backend failed";
        dns "找不到主机", "the host is not known";
        connect "连不上", "nobody answers there";
        timeout "超时没有回答", "there was no answer in time";
        reset "连接中断", "the connection broke";
        tls "证书或握手不可信", "no trust: certificate or handshake";
        malformed "看不懂回答", "the answer makes no sense";
        configuration "profile 配置不对", "the profile cannot be used";
        store "本机存储出错", "the store of this machine failed";
    }
    /// What to do about it.
    table REMEDIES {
        auth "检查 profile 的令牌来源", "check where the profile has its token from";
        forbidden "请后端管理员开通权限", "ask the backend's administrator for the permission";
        not_found "检查 `url` 是否为 API 根地址,后端是否提供此接口", "check that `url` is the root of the API, and that the backend offers this";
        conflict "重新读取这条记录", "the record changed meanwhile: read it again";
        rate "请稍候,后端允许时会自动重试", "wait; it is tried again when the backend allows it";
        validation "后端与本版 siyu 的 API 不一致,请核对版本", "the backend and this siyu disagree on the API: compare their versions";
        gone "随后会自动全量拉取", "a full pull follows by itself";
        server "查看后端日志;会自动重试", "look at the backend's own log; it is tried again";
        dns "检查 `url` 中的主机和网络", "check the host in `url`, and the network";
        connect "检查后端是否在运行,以及 `url` 中的主机和端口", "check that the backend runs, and the host and port in `url`";
        timeout "后端或网络太慢;会自动重试", "the backend or the network is slow; it is tried again";
        reset "连接中断;会自动重试", "the connection broke; it is tried again";
        tls "检查证书、`url` 中的主机和本机时间", "check the certificate, the host in `url`, and this machine's clock";
        malformed "检查 `url` 是 API,不是登录页或错误页", "check that `url` is the API and not a login or error page";
        configuration "改正配置中的 profile", "correct the profile in the configuration";
        store "看 `siyu doctor`", "see `siyu doctor`";
    }
}
