//! Founding, signing in and out, and what belongs to the person who is signed in.

use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::applications::ApplicationView;
use model::people::{MemberView, SignUpState};
use serde::{Deserialize, Serialize};

/// What the sidebar shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portal {
    /// Who is signed in.
    pub member: MemberView,
    /// What can be switched to.
    pub applications: Vec<ApplicationView>,
}

/// Leads from the start page to where the visitor belongs.
#[server(output = Json)]
pub async fn read_start() -> Result<(), PageError> {
    use crate::session;
    let to = if session::signed_in().await?.is_some() {
        model::paths::APPLICATIONS
    } else if session::vault()?.sign_up_state(false).await?.founded {
        model::paths::SIGN_IN
    } else {
        model::paths::SIGN_UP
    };
    crate::request::redirect(to);
    Ok(())
}

/// What the sign-up page must know.
#[server(output = Json)]
pub async fn read_sign_up() -> Result<SignUpState, PageError> {
    use crate::session;
    if session::signed_in().await?.is_some() {
        crate::request::redirect(model::paths::APPLICATIONS);
    }
    let needed = session::visitor()?.set_up_code_needed;
    Ok(session::vault()?.sign_up_state(needed).await?)
}

/// Leads on who is signed in already, and says whether anybody can sign in here.
#[server(output = Json)]
pub async fn read_sign_in(
    /// Where to go then.
    #[server(default)]
    next: String,
) -> Result<SignUpState, PageError> {
    use crate::session;
    if session::signed_in().await?.is_some() {
        crate::request::redirect(&session::local_path(&next));
    }
    Ok(session::vault()?.sign_up_state(false).await?)
}

/// Founds the instance and signs its first person in.
#[server(output = Json)]
pub async fn sign_up(
    /// The organization's name.
    #[server(default)]
    organization: String,
    /// How to sign in.
    #[server(default)]
    email: String,
    /// At least ten characters.
    #[server(default)]
    password: String,
    /// Printed when the server started; not asked of visitors from the machine itself.
    #[server(default)]
    set_up_code: String,
) -> Result<(), FormError> {
    use crate::session;
    let visitor = session::visitor()?;
    let founding = vault::Founding {
        email,
        password: vault::Secret::new(password),
        organization,
        set_up_code: Some(set_up_code),
        set_up_code_needed: visitor.set_up_code_needed,
        address: visitor.address,
    };
    let member = session::vault()?.found(founding).await?;
    session::sign_in_session(&member).await?;
    crate::request::redirect(model::paths::APPLICATIONS);
    Ok(())
}

/// Signs a person in.
#[server(output = Json)]
pub async fn sign_in(
    /// The e-mail address.
    #[server(default)]
    email: String,
    /// The password.
    #[server(default)]
    password: String,
    /// Where to go then.
    #[server(default)]
    next: String,
) -> Result<(), FormError> {
    use crate::session;
    let visitor = session::visitor()?;
    match session::vault()?.sign_in(&email, vault::Secret::new(password), &visitor.address).await? {
        vault::SignIn::Complete(member) => {
            session::sign_in_session(&member).await?;
            crate::request::redirect(&session::local_path(&next));
        }
        vault::SignIn::SecondFactorNeeded(person) => {
            session::half_sign_in(person).await?;
            crate::request::redirect(&model::paths::second_step(&session::local_path(&next)));
        }
    }
    Ok(())
}

/// Ends the session.
#[server(output = Json)]
pub async fn sign_out() -> Result<(), FormError> {
    crate::session::sign_out().await?;
    crate::flash::redirect_with(model::paths::SIGN_IN, "You are signed out.");
    Ok(())
}

/// What the sidebar shows.
#[server(output = Json)]
pub async fn read_portal() -> Result<Portal, PageError> {
    use crate::session;
    let member = session::member().await?;
    Ok(Portal { member: member.view(), applications: session::vault()?.applications(&member).await? })
}

/// Who is signed in.
#[server(output = Json)]
pub async fn read_member() -> Result<MemberView, PageError> {
    Ok(crate::session::member().await?.view())
}

/// Changes the person's password and ends all other sessions.
#[server(output = Json)]
pub async fn change_password(
    /// The password until now.
    #[server(default)]
    present_password: String,
    /// At least ten characters.
    #[server(default)]
    new_password: String,
) -> Result<(), FormError> {
    use crate::session;
    let (vault, member) = (session::vault()?, session::member().await?);
    // The present password is a proof; who has none gives another.
    if !vault.ways(member.person()).await?.password {
        session::require_recent_proof().await?;
    }
    vault.change_password(&member, vault::Secret::new(present_password), vault::Secret::new(new_password)).await?;
    // That ended this session as well: begin a new one for whoever knows the new password.
    session::sign_in_session(&member).await?;
    crate::flash::say("Your password is changed, and you are signed out everywhere else.");
    Ok(())
}
