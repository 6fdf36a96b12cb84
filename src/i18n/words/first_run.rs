//! The first-run screen.

words! {
    WELCOME "欢迎使用 siyu", "Welcome to siyu";
    NO_CONFIG "还没有配置 ({path})", "There is no configuration yet ({path})";
    LANGUAGE "语言", "Language";
    WIDTH_TEST "宽度测试: 下面几行的竖线应对齐", "Width test: the bars of the lines below should stand in line";
    WIDTH_NOT "没有对齐? 在配置的 [ui] 里写 width = \"wide\"，仍不齐则写 \"ascii\"", "Not in line? Set width = \"wide\" under [ui] in the configuration, or \"ascii\"";
    DEMO "先看演示: 5,000 位示例客户，本机运行", "Try the demo: 5,000 sample customers, on this machine";
    BACKEND "连接自己的后端", "Connect a backend of your own";
    QUIT "退出", "Quit";
    BACKEND_NAME "后端", "Backend";
    URL "地址", "Address";
    TOKEN "令牌在哪里（没有则留空）", "Where the token is (empty: none)";
    TOKEN_WAYS "环境变量名 · file 路径 · command 程序 · keyring 服务/账号", "variable NAME · file PATH · command PROGRAM · keyring SERVICE/ACCOUNT";
    TOKEN_HIDDEN "像是令牌本身: 不显示", "it may be the token itself: not shown";
    TESTING "测试连接中", "testing";
    REACHED "可以连接", "reached";
    NOT_REACHED "没有连上: {error}", "not reached: {error}";
    WRITE "写入配置 {path}", "Write the configuration {path}";
    WRITTEN "已写入 {path}", "written to {path}";
    NOT_WRITTEN "写不进 {path}: {error}", "cannot write {path}: {error}";
}
