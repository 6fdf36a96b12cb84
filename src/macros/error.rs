//! Why a macro comes to nothing, in both languages side by side.

use super::given::GivenError;
use crate::command::plan::PlanError;
use crate::query::QueryError;

/// Why a macro makes no plan.
#[derive(Clone, Debug, PartialEq)]
pub enum MacroError {
    /// There is none of that name.
    Unknown {
        /// What was written.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// What is given is not written as `name=value`.
    Given(GivenError),
    /// The macro has no such parameter.
    NoParam {
        /// The macro.
        name: String,
        /// What was written.
        param: String,
        /// The nearest parameter it has.
        nearest: Option<String>,
    },
    /// Parameters are not given, and have no default.
    Missing {
        /// The macro.
        name: String,
        /// Their names.
        params: Vec<String>,
    },
    /// A value is not what its parameter takes.
    Bad {
        /// The parameter.
        param: String,
        /// What is wrong with it.
        why: Box<PlanError>,
    },
    /// A value is no filter, or a filter makes no sense with what is given.
    Filter {
        /// The filter.
        text: String,
        /// What is wrong with it.
        why: Box<QueryError>,
    },
    /// A step makes no sense, whatever the record.
    Step {
        /// The step, as it is written.
        step: String,
        /// What is wrong with it.
        why: Box<PlanError>,
    },
    /// A record cannot take a step, and the macro takes everything back then.
    Rollback {
        /// What the record is called.
        name: String,
        /// Why, in Chinese and in English.
        why: (String, String),
    },
    /// What the steps refer to cannot be looked up.
    Unread(String),
}

impl MacroError {
    /// The same as a sentence.
    pub fn says(&self, zh: bool) -> String {
        match self {
            Self::Unknown { name, nearest } => match (zh, nearest) {
                (true, Some(nearest)) => format!("没有宏「{name}」,是「{nearest}」吗?"),
                (true, None) => format!("没有宏「{name}」"),
                (false, Some(nearest)) => format!("no macro is called {name:?}; did you mean {nearest:?}?"),
                (false, None) => format!("no macro is called {name:?}"),
            },
            Self::Given(error) if zh => format!("参数写作 名字=值: {error}"),
            Self::Given(error) => format!("parameters are written as name=value: {error}"),
            Self::NoParam { name, param, nearest } => match (zh, nearest) {
                (true, Some(nearest)) => format!("宏 {name} 没有参数 {param},是 {nearest} 吗?"),
                (true, None) => format!("宏 {name} 没有参数 {param}"),
                (false, Some(nearest)) => {
                    format!("the macro {name} has no parameter {param}; did you mean {nearest}?")
                }
                (false, None) => format!("the macro {name} has no parameter {param}"),
            },
            Self::Missing { name, params } if zh => format!("宏 {name} 还需要 {}", params.join(", ")),
            Self::Missing { name, params } => format!("the macro {name} needs {}", params.join(", ")),
            Self::Bad { param, why } => format!("{param}: {}", why.says(zh)),
            Self::Filter { text, why } => format!("{text}: {}", filter(why, zh)),
            Self::Step { step, why } => format!("{step}: {}", why.says(zh)),
            Self::Rollback { name, why } if zh => format!("{name}: {},全部不做", why.0),
            Self::Rollback { name, why } => format!("{name}: {}; nothing is done", why.1),
            Self::Unread(why) => why.clone(),
        }
    }
}

fn filter(error: &QueryError, zh: bool) -> String {
    let lang = if zh { crate::i18n::Lang::Zh } else { crate::i18n::Lang::En };
    super::told::filter(&error.problem).in_lang(lang)
}

impl std::fmt::Display for MacroError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.says(false))
    }
}

impl std::error::Error for MacroError {}
