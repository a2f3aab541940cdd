//! What an exported organization consists of. Tests compare this with the tables themselves; `left_behind.rs` names the rest.

use super::Kind::{Bytes, Number, OfMembers, Person, PersonOrOther, Sealed, SealedForInstance, Text};
use super::Table;

const OF_ORGANIZATION: &str = "{t}.organization_id = $1";
const OF_APPLICATION: &str =
    "EXISTS (SELECT 1 FROM applications a WHERE a.id = {t}.application_id AND a.organization_id = $1)";
const OF_MEMBER: &str = "EXISTS (SELECT 1 FROM members m WHERE m.person_id = {t}.person_id AND m.organization_id = $1 AND m.removed_at IS NULL)";

/// Each table after those that it refers to.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "organizations",
        scope: "{t}.id = $1",
        key: &["id"],
        columns: &[(Text, "id name"), (Number, "created_at second_person_at")],
        parents: &[],
    },
    Table {
        name: "people",
        scope: "EXISTS (SELECT 1 FROM members m WHERE m.person_id = {t}.id AND m.organization_id = $1)",
        key: &["id"],
        columns: &[
            (Text, "id email name"),
            (OfMembers, "password_hash"),
            (Number, "email_verified_at sessions_valid_from created_at last_signed_in_at disabled_at"),
        ],
        parents: &[],
    },
    Table {
        name: "passkeys",
        scope: OF_MEMBER,
        key: &["id"],
        columns: &[
            (Text, "id"),
            (Person, "person_id"),
            (Text, "name"),
            (Bytes, "credential_id public_key"),
            (Number, "sign_count created_at last_used_at"),
        ],
        parents: &[],
    },
    Table {
        name: "authenticators",
        scope: OF_MEMBER,
        key: &["person_id"],
        columns: &[
            (Person, "person_id"),
            (SealedForInstance, "key_sealed"),
            (Number, "last_step created_at confirmed_at"),
        ],
        parents: &[],
    },
    Table {
        name: "recovery_codes",
        scope: OF_MEMBER,
        key: &["person_id", "code_hash"],
        columns: &[(Person, "person_id"), (Bytes, "code_hash"), (Number, "created_at used_at")],
        parents: &[],
    },
    Table {
        name: "members",
        scope: OF_ORGANIZATION,
        key: &["id"],
        columns: &[(Text, "id organization_id role"), (Person, "person_id"), (Number, "created_at removed_at")],
        parents: &[],
    },
    Table {
        name: "invitations",
        scope: OF_ORGANIZATION,
        key: &["id"],
        columns: &[
            (Text, "id organization_id email role mail_problem"),
            (Bytes, "link_hash"),
            (Person, "invited_by"),
            (Number, "created_at expires_at accepted_at withdrawn_at mailed_at"),
        ],
        parents: &[],
    },
    Table {
        name: "applications",
        scope: OF_ORGANIZATION,
        key: &["id"],
        columns: &[
            (Text, "id organization_id name environment branding"),
            (Number, "confirmation_required_at proxy_only_at created_at updated_at deleted_at"),
        ],
        parents: &[],
    },
    Table {
        name: "return_addresses",
        scope: OF_APPLICATION,
        key: &["application_id", "url"],
        columns: &[(Text, "application_id url"), (Number, "created_at")],
        parents: &[],
    },
    Table {
        name: "logos",
        scope: OF_APPLICATION,
        key: &["application_id"],
        columns: &[(Text, "application_id hash media_type"), (Bytes, "bytes"), (Number, "created_at")],
        parents: &[],
    },
    Table {
        name: "api_keys",
        scope: OF_APPLICATION,
        key: &["id"],
        columns: &[
            (Text, "id application_id name starts_with scopes sources policy replaced_by"),
            (PersonOrOther, "created_by"),
            (Bytes, "secret_hash"),
            (Number, "created_at expires_at last_used_at revoked_at proxy_only_at"),
        ],
        parents: &[("replaced_by", "api_keys")],
    },
    Table {
        name: "provider_configs",
        scope: OF_APPLICATION,
        key: &["id"],
        columns: &[
            (Text, "id application_id key provider state scopes current_client_id rejection entry_snapshot entry_hash"),
            (Sealed, "webhook_secret"),
            (Number, "verified_at probed_at created_at updated_at removed_at"),
        ],
        parents: &[("current_client_id", "clients")],
    },
    Table {
        name: "clients",
        scope: OF_APPLICATION,
        key: &["id"],
        columns: &[
            (Text, "id application_id provider_config_id client_id secret_current_ends secret_next_ends"),
            (Sealed, "secret_current secret_next"),
            (Number, "secret_expires_at secret_current_refused_at secret_next_added_at secret_next_works_since"),
            (Number, "secret_next_refused_at secret_next_expires_at secret_reminded_days worked_at retired_at"),
            (Number, "created_at updated_at removed_at"),
        ],
        parents: &[("provider_config_id", "provider_configs")],
    },
    Table {
        name: "custom_providers",
        scope: OF_APPLICATION,
        key: &["application_id", "slug"],
        columns: &[
            (Text, "application_id slug entry announced announced_now check_failure"),
            (Number, "checked_at created_at updated_at"),
        ],
        parents: &[],
    },
    Table {
        name: "end_users",
        scope: OF_APPLICATION,
        key: &["id"],
        columns: &[
            (Text, "id application_id external_id name email end_user_group"),
            (Number, "created_at updated_at erased_at erasure_finished_at"),
        ],
        parents: &[],
    },
    Table {
        name: "token_sets",
        scope: OF_APPLICATION,
        key: &["id"],
        columns: &[
            (Text, "id application_id provider_config_id client_id provider_user_id token_type scopes api_base_url"),
            (Text, "answer_metadata last_failure provider_revocation imported_as"),
            (Sealed, "access_token refresh_token spare"),
            (Bytes, "access_token_hash imported_hash"),
            (Number, "version granted_at issued_at expires_at last_refreshed_at keep_alive_at"),
            (Number, "refresh_failures retry_at last_failure_at superseded_at needs_reconnect_at revoked_at"),
            (Number, "revocation_attempts revocation_retry_at erased_at tests_at identity_due_at created_at"),
        ],
        parents: &[("provider_config_id", "provider_configs"), ("client_id", "clients")],
    },
    Table {
        name: "connected_accounts",
        scope: OF_APPLICATION,
        key: &["id"],
        columns: &[
            (Text, "id application_id provider_config_id end_user_id token_set_id provider_user_id provider_tenant_id"),
            (Text, "provider_user_name provider_user_email label status status_reason status_detail"),
            (Text, "provider_revocation scopes missing_scopes scope_set metadata"),
            (Number, "status_at webhook_seq last_used_at created_at updated_at"),
        ],
        parents: &[
            ("provider_config_id", "provider_configs"),
            ("end_user_id", "end_users"),
            ("token_set_id", "token_sets"),
        ],
    },
    Table {
        name: "bulk_revocations",
        scope: OF_APPLICATION,
        key: &["id"],
        columns: &[
            (Text, "id application_id organization_id state filter newest_account_id last_account_id reason failures"),
            (Person, "requested_by confirmed_by stopped_by"),
            (Number, "accounts revoked failed created_at confirm_by started_at ended_at"),
        ],
        parents: &[("organization_id", "organizations")],
    },
    Table {
        name: "hourly_figures",
        scope: OF_APPLICATION,
        key: &["application_id", "hour_at", "event_type"],
        columns: &[(Text, "application_id event_type"), (Number, "hour_at counted")],
        parents: &[],
    },
    Table {
        name: "events",
        scope: OF_ORGANIZATION,
        key: &["id"],
        columns: &[
            (Text, "id organization_id application_id type actor_kind actor_id target outcome request_id"),
            (Text, "detail personal"),
            (Bytes, "personal_salt personal_digest previous_hash hash"),
            (Number, "lines seq created_at"),
        ],
        parents: &[("application_id", "applications")],
    },
    Table {
        name: "event_lines",
        scope: "EXISTS (SELECT 1 FROM events e WHERE e.id = {t}.event_id AND e.organization_id = $1)",
        key: &["event_id", "position"],
        columns: &[
            (Text, "event_id"),
            (Number, "position"),
            (Text, "type target request_id detail personal"),
            (Bytes, "personal_salt personal_digest"),
            (Number, "created_at"),
        ],
        parents: &[],
    },
    Table {
        name: "event_chains",
        scope: OF_ORGANIZATION,
        key: &["organization_id"],
        columns: &[
            (Text, "organization_id"),
            (Bytes, "hash public_key"),
            (SealedForInstance, "private_key_sealed"),
            (Number, "seq checkpoint_seq checkpoint_at forgotten_seq"),
        ],
        parents: &[],
    },
    Table {
        name: "event_checkpoints",
        scope: OF_ORGANIZATION,
        key: &["organization_id", "seq"],
        columns: &[(Text, "organization_id"), (Number, "seq"), (Bytes, "hash signature"), (Number, "created_at")],
        parents: &[],
    },
    Table {
        name: "webhook_endpoints",
        scope: OF_APPLICATION,
        key: &["id"],
        columns: &[
            (Text, "id application_id url types description pause_reason"),
            (Sealed, "secret_current secret_previous"),
            (Number, "secret_added_at previous_until_at paused_at failing_since_at"),
            (Number, "created_at updated_at deleted_at emptied_at"),
        ],
        parents: &[],
    },
    Table {
        name: "deliveries",
        scope: OF_APPLICATION,
        key: &["id"],
        columns: &[
            (Text, "id application_id webhook_endpoint_id event_id connected_account_id type body last_error"),
            (Number, "seq attempts tries next_attempt_at last_status delivered_at given_up_at created_at"),
        ],
        parents: &[
            ("webhook_endpoint_id", "webhook_endpoints"),
            ("event_id", "events"),
            ("connected_account_id", "connected_accounts"),
        ],
    },
    Table {
        name: "delivery_attempts",
        scope: "EXISTS (SELECT 1 FROM deliveries d JOIN applications a ON a.id = d.application_id \
                WHERE d.id = {t}.delivery_id AND a.organization_id = $1)",
        key: &["delivery_id", "number"],
        columns: &[(Text, "delivery_id error answer"), (Number, "number sent_at took status")],
        parents: &[],
    },
];
