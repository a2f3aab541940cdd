//! Members beside the founder.

use super::TestVault;
use crate::{MemberCaller, Secret};
use model::people::Role;

impl TestVault {
    /// Adds a member of the founder's organization with a role, and gives the member as signed in.
    pub async fn member_as(&self, email: &str, role: Role) -> MemberCaller {
        let password = Secret::new("canary-password-123".to_owned());
        let (person, _) = self.vault.add_member(None, email, role, password).await.expect("added");
        self.vault.member(person).await.expect("a database").expect("a member")
    }
}
