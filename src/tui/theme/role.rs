//! What a part of the screen means, and which meaning it is a kind of. Not how it looks.

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $slug:literal, $parent:ident;)*) => {
        /// What a part of the screen means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role {
            $($(#[$doc])* $role,)*
        }

        /// Every role; each stands behind the one it inherits from.
        pub const ROLES: &[Role] = &[$(Role::$role),*];

        impl Role {
            /// Its name in theme files.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$role => $slug),* }
            }

            /// The role it looks like where a theme says nothing about it; that of plain text is itself.
            pub const fn parent(self) -> Self {
                match self { $(Self::$role => Self::$parent),* }
            }
        }
    };
}

roles! {
    /// Plain text.
    Text = "text", Text;
    /// Of lesser weight.
    Dim = "dim", Text;
    /// Titles.
    Title = "title", Text;
    /// Lines between panels.
    Rule = "rule", Dim;
    /// A key that can be pressed.
    Key = "key", Title;
    /// As it should be.
    Good = "good", Text;
    /// Look here.
    Warn = "warn", Text;
    /// Broken.
    Bad = "bad", Text;
    /// The exercise runs.
    Running = "running", Good;
    /// It waits for someone or something.
    Waiting = "waiting", Warn;
    /// It is stopped.
    Stopped = "stopped", Bad;
    /// It is over.
    Over = "over", Dim;
    /// What happens next.
    Next = "next", Warn;
    /// Achieved load.
    Load = "load", Text;
    /// Planned load.
    Plan = "plan", Dim;
    /// History of a measured value.
    History = "history", Load;
    /// Where a limit is.
    Threshold = "threshold", Warn;
    /// A fault was active.
    Fault = "fault", Bad;
    /// The present.
    Now = "now", Title;
    /// What keys act on.
    Selected = "selected", Key;
    /// A team's name.
    Team = "team", Text;
    /// An incident.
    Incident = "incident", Warn;
}

impl Role {
    /// The role of a name in theme files.
    pub fn named(slug: &str) -> Option<Self> {
        ROLES.iter().copied().find(|role| role.slug() == slug)
    }

    /// Whether it is never read: a line that only separates.
    pub const fn is_ornament(self) -> bool {
        matches!(self, Self::Rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_stands_behind_its_parent() {
        for (index, role) in ROLES.iter().enumerate() {
            assert_eq!(*role as usize, index);
            assert_eq!(Role::named(role.slug()), Some(*role));
            assert!((role.parent() as usize) < index || *role == Role::Text, "{role:?}");
        }
    }
}
