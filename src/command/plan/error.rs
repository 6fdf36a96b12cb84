//! Why a command comes to nothing, in both languages side by side.

use crate::query::DueError;

/// Why a command makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// An argument was not given.
    Missing {
        /// The command.
        command: &'static str,
        /// The argument's name.
        arg: &'static str,
    },
    /// There is nothing of that name.
    Unknown {
        /// What kind of thing: `tag`, `owner`, `snippet`, `field`, `group`.
        what: &'static str,
        /// What was written.
        value: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// There are several of that name.
    Several {
        /// What kind of thing.
        what: &'static str,
        /// What was written.
        value: String,
        /// How two of them are told apart: by their groups, or by ids.
        ids: Vec<String>,
    },
    /// A value is not what its field takes.
    Bad {
        /// The field or argument.
        field: String,
        /// What was written.
        value: String,
        /// What it takes, in Chinese and in English.
        wanted: (String, String),
    },
    /// The group has another tag of that name.
    Taken {
        /// The name.
        name: String,
        /// What the group is called; `None` for the tags without one.
        group: Option<String>,
    },
    /// Somebody has several channels, and none was named.
    Channels {
        /// Who.
        name: String,
        /// Which, with commas between them.
        channels: String,
    },
    /// No moment.
    Due(DueError),
    /// A moment that is past, where only one to come makes sense; as it was written.
    Past(String),
    /// The command changes nothing, whatever it is meant for.
    NoWrite {
        /// The command.
        command: &'static str,
    },
}

impl PlanError {
    /// Nothing is called so.
    pub(super) fn unknown<'a>(what: &'static str, value: &str, names: impl Iterator<Item = &'a str>) -> Self {
        // Of short names a transposition says more than what Jaro and Winkler look at.
        let likeness = |name: &'a str| {
            let one_off = value.chars().count() > 1 && strsim::damerau_levenshtein(value, name) == 1;
            (if one_off { 1.0 } else { strsim::jaro_winkler(value, name) }, name)
        };
        let nearest = names
            .map(likeness)
            .filter(|(likeness, _)| *likeness > 0.6)
            .max_by(|one, other| one.0.total_cmp(&other.0))
            .map(|(_, name)| name.to_owned());
        Self::Unknown { what, value: value.to_owned(), nearest }
    }

    /// What was written that makes no sense, where it was anything.
    pub fn written(&self) -> Option<&str> {
        match self {
            Self::Unknown { value, .. } | Self::Several { value, .. } | Self::Bad { value, .. } => {
                Some(value)
            }
            Self::Taken { name, .. } => Some(name),
            Self::Due(DueError::Unknown { text }) | Self::Past(text) => Some(text),
            _ => None,
        }
    }

    /// The same as a sentence.
    pub fn says(&self, zh: bool) -> String {
        match self {
            Self::Missing { command, arg } if zh => format!("{command} 还需要 {}", thing(arg, zh)),
            Self::Missing { command, arg } => format!("{command} needs {}", thing(arg, zh)),
            Self::Unknown { what, value, nearest } => {
                let what = thing(what, zh);
                match (zh, nearest) {
                    (true, Some(nearest)) => format!("没有{what}「{value}」,是「{nearest}」吗?"),
                    (true, None) => format!("没有{what}「{value}」"),
                    (false, Some(nearest)) => {
                        format!("no {what} is called {value:?}; did you mean {nearest:?}?")
                    }
                    (false, None) => format!("no {what} is called {value:?}"),
                }
            }
            Self::Several { what, value, ids } => {
                let (what, ids) = (thing(what, zh), ids.join(", "));
                if zh {
                    format!("有多个{what}叫「{value}」,请写明是哪个: {ids}")
                } else {
                    format!("several {what}s are called {value:?}; say which: {ids}")
                }
            }
            Self::Bad { field, value, wanted } if zh => {
                format!("{}: 「{value}」不是{}", thing(field, zh), wanted.0)
            }
            Self::Bad { field, value, wanted } => format!("{field}: {value:?} is not {}", wanted.1),
            Self::Taken { name, group: Some(group) } if zh => format!("标签组「{group}」里已有「{name}」"),
            Self::Taken { name, group: Some(group) } => {
                format!("the group {group:?} has a tag called {name:?} already")
            }
            Self::Taken { name, group: None } if zh => format!("未分组的标签里已有「{name}」"),
            Self::Taken { name, group: None } => {
                format!("among the tags without a group there is one called {name:?} already")
            }
            Self::Channels { name, channels } if zh => {
                format!("{name} 有多个渠道，请写明用哪个: {channels}")
            }
            Self::Channels { name, channels } => {
                format!("{name} has several channels, say which: {channels}")
            }
            Self::Due(DueError::Empty) if zh => "没有写时间".to_owned(),
            Self::Due(DueError::Unknown { text }) if zh => {
                format!("看不懂时间「{text}」,可写 明天 10点、下周二、+3d、fri 15:00 或 2026-03-17 10:00")
            }
            Self::Due(error) => error.to_string(),
            Self::Past(text) if zh => format!("「{text}」已经过去了"),
            Self::Past(text) => format!("{text:?} is past"),
            Self::NoWrite { command } if zh => format!("{command} 不改动任何记录"),
            Self::NoWrite { command } => format!("{command} changes no record"),
        }
    }
}

impl std::fmt::Display for PlanError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.says(false))
    }
}

impl std::error::Error for PlanError {}

/// What a field or a kind of thing is called.
fn thing(name: &str, zh: bool) -> &str {
    let chinese = match name {
        "tag" | "tags" => "标签",
        "group" => "标签组",
        "owner" | "who" => "员工",
        "snippet" => "话术",
        "field" => "字段",
        "channel" => "渠道",
        "stage" => "阶段",
        "text" => "内容",
        "title" => "标题",
        "when" | "due" => "时间",
        "result" => "结果",
        "value" => "内容",
        "name" => "名称",
        "points" => "积分",
        other => other,
    };
    if zh { chinese } else { name }
}

/// Why a record is left as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    /// It is as it would be already.
    AlreadySo,
    /// The customer has no such channel, or none at all.
    NoChannel,
    /// The customer has several channels, these, and none was named.
    SeveralChannels(String),
    /// The customer lacks what the snippet's variable stands for.
    Lacks(String),
    /// It is done or cancelled already.
    Closed,
    /// It is not closed.
    Pending,
    /// The customer has not so many points.
    TooFewPoints,
    /// It is no record that the command works on.
    OtherKind,
    /// It was deleted meanwhile.
    Gone,
    /// No step of the macro is meant for it.
    NotMeant,
    /// A run stops before it, since another record cannot take a step.
    NotReached,
    /// The macro takes no more records in one run.
    BeyondLimit,
    /// A step makes no sense for it, and why: in Chinese and in English.
    Senseless(String, String),
}

impl Skip {
    /// Whether a record is left though it is not yet as it was to be.
    pub fn hinders(&self) -> bool {
        !matches!(self, Self::AlreadySo | Self::NotMeant | Self::BeyondLimit)
    }

    /// The same in a few words.
    pub fn says(&self, zh: bool) -> String {
        let (chinese, english) = match self {
            Self::AlreadySo => ("已经是这样", "is so already"),
            Self::NoChannel => ("没有可用渠道", "has no such channel"),
            Self::SeveralChannels(which) if zh => return format!("有多个渠道，请写明: {which}"),
            Self::SeveralChannels(which) => return format!("has several channels, say which: {which}"),
            Self::Lacks(what) if zh => return format!("缺少 {what}"),
            Self::Lacks(what) => return format!("has no {what}"),
            Self::Closed => ("已经结束", "is closed already"),
            Self::Pending => ("还没有结束", "is not closed"),
            Self::TooFewPoints => ("积分不足", "has too few points"),
            Self::NotMeant => ("没有适用的步骤", "no step is meant for it"),
            Self::NotReached => ("在此之前停止", "the run stops before it"),
            Self::BeyondLimit => ("超出宏的 limit", "is beyond the macro's limit"),
            Self::Senseless(chinese, english) => (chinese.as_str(), english.as_str()),
            Self::Gone => ("已经被删除", "is not there any more"),
            Self::OtherKind => ("不是同类记录", "is another kind of record"),
        };
        if zh { chinese } else { english }.to_owned()
    }
}
