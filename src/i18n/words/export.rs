//! Writing a list to a file.

words! {
    RUNNING "导出 {n}/{total}", "exporting {n}/{total}";
    DONE "已导出 {n} 行到 {path}", "{n} {n|row|rows} written to {path}";
    STOPPED "导出已停止，没有留下文件", "the export is stopped, and left no file";
    UNDER_WAY "上一次导出还没结束，:export.stop 可停止", "another export is under way; :export.stop ends it";
    NONE_RUNS "没有正在进行的导出", "no export is under way";
    NO_FORMAT "看不出格式，请用 .csv .jsonl .md 结尾，或写明: export {path} csv", "which format? end the name in .csv, .jsonl or .md, or say it: export {path} csv";
    UNKNOWN_WORD "不认识「{word}」，可写 csv、jsonl、md，以及 raw (公式原样)、replace (覆盖)", "{word} is none of csv, jsonl, md, raw (formulas as they are) and replace (what is there)";
    THERE_ALREADY "{path} 已经存在，没有覆盖；要覆盖请加 replace", "{path} is there already and stays; add the word replace to overwrite it";
    NO_FOLDER "{path}: 没有这个目录", "{path}: there is no such folder";
    FORBIDDEN "{path}: 没有写入权限", "{path}: writing there is not permitted";
    A_FOLDER "{path} 是目录，请写文件名", "{path} is a folder: name a file in it";
    NO_ROOM "{path}: 磁盘已满", "{path}: the disk is full";
    FAILED "{path}: {error}", "{path}: {error}";
}
