use serde::{Deserialize, Serialize};

/// Somebody who can sign in at the sandbox. Everywhere a user is asked for, the id and the e-mail address will do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct User {
    /// 22 characters; made up when empty.
    pub id: String,
    /// Shown at consent and by the users API.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// The provider's tenant; made up when empty.
    pub account_id: String,
    /// May consent to admin-managed apps.
    pub admin: bool,
}

impl User {
    /// A user of an account of their own; id and account id are made up when the user is added.
    pub fn new(email: &str, first_name: &str, last_name: &str) -> Self {
        Self { email: email.into(), first_name: first_name.into(), last_name: last_name.into(), ..Self::default() }
    }

    /// First and last name.
    pub fn display_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    pub(crate) fn built_in() -> Vec<Self> {
        let user = |id: &str, email: &str, first_name: &str, last_name: &str, account_id: &str, admin| Self {
            id: id.into(),
            account_id: account_id.into(),
            admin,
            ..Self::new(email, first_name, last_name)
        };
        vec![
            user("AdaLovelace_0000000001", "ada@example.com", "Ada", "Lovelace", "SandboxAccount_0000001", true),
            user("GraceHopper_0000000002", "grace@example.com", "Grace", "Hopper", "SandboxAccount_0000001", false),
            user("AlanTuring_00000000003", "alan@example.com", "Alan", "Turing", "SandboxAccount_0000002", false),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_ids_have_the_length_of_real_ones() {
        for user in User::built_in() {
            assert_eq!((user.id.len(), user.account_id.len()), (22, 22), "{}", user.email);
        }
    }
}
