//! The first-run screen.

words! {
    WELCOME "欢迎使用 siyu", "Welcome to siyu";
    NO_CONFIG "还没有配置 ({path})", "There is no configuration yet ({path})";
    LANGUAGE "语言", "Language";
    WIDTH_TEST "宽度测试: 下面几行的竖线应对齐", "Width test: the bars of the lines below should stand in line";
    WIDTH_OK "对齐了", "They do";
    WIDTH_NOT "没有对齐，改用 ASCII 边框", "They do not: use ASCII borders";
    DEMO "先看演示: 5,000 位示例客户，本机运行", "Try the demo: 5,000 sample customers, on this machine";
    BACKEND "连接自己的后端", "Connect a backend of your own";
    QUIT "退出", "Quit";
    BACKEND_NAME "后端", "Backend";
    URL "地址", "Address";
    TOKEN_ENV "令牌所在的环境变量", "Environment variable that holds the token";
    TESTING "测试连接中", "testing";
    REACHED "可以连接", "reached";
    NOT_REACHED "没有连上: {error}", "not reached: {error}";
    WRITE "写入配置 {path}", "Write the configuration {path}";
    WRITTEN "已写入 {path}", "written to {path}";
    NOT_WRITTEN "写不进 {path}: {error}", "cannot write {path}: {error}";
}
