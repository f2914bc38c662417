//! What is wrong with a typed lever, as data, so that every language can say it. Not the words.

/// Why a line is no lever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing is typed; these can be.
    Nothing { levers: Vec<&'static str> },
    /// There is no lever, pod, app or account of this name.
    Unknown { what: Noun, word: String, mend: Mend },
    /// The lever takes fewer words.
    TooMuch { word: String, form: String },
    /// Something is not said that must be.
    Missing { what: Noun, form: String },
    /// A pod is asked for, and this is an app.
    IsApp { word: String, pods: Vec<String> },
    /// This counts nothing, or too much of it.
    NoNumber { of: Noun, word: String, most: u32, form: String },
    /// This is no share of requests.
    NoShare { word: String, form: String },
    /// This is no path of a request.
    NoPath { word: String, form: String },
}

/// What a word stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// The lever itself.
    Lever,
    /// A pod.
    Pod,
    /// An app.
    App,
    /// A service account.
    Account,
    /// How many pods.
    Pods,
    /// How many lines.
    Lines,
    /// How much.
    Share,
}

/// What was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// Nobody can know.
    Unknown,
    /// This name.
    Near(String),
    /// One of these.
    OneOf(Vec<String>),
}
