CREATE TABLE end_users (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    -- The developer's own id.
    external_id TEXT NOT NULL,
    name TEXT,
    email TEXT,
    end_user_group TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    erased_at BIGINT,
    UNIQUE (application_id, external_id)
);

-- What a provider issued to one client for one of its users. Lease, version and tokens belong here.
CREATE TABLE token_sets (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    provider_config_id TEXT NOT NULL REFERENCES provider_configs (id),
    client_id TEXT NOT NULL REFERENCES clients (id),
    -- Unknown until the provider has said whose tokens these are.
    provider_user_id TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    access_token BYTEA,
    refresh_token BYTEA,
    -- The refresh token of an answer that fitted no stored version; tried once if the current one is refused.
    spare BYTEA,
    -- SHA-256 of the access token: a caller whose token was refused names it by this.
    access_token_hash BYTEA,
    token_type TEXT NOT NULL DEFAULT 'bearer',
    scopes TEXT NOT NULL DEFAULT '',
    api_base_url TEXT,
    -- What the entry keeps of an answer beside tokens, as JSON.
    answer_metadata TEXT NOT NULL DEFAULT '{}',
    -- When the authorization code was sent: of two consents the later one counts.
    granted_at BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_refreshed_at BIGINT,
    refresh_failures BIGINT NOT NULL DEFAULT 0,
    retry_at BIGINT,
    last_failure TEXT,
    last_failure_at BIGINT,
    lease_owner TEXT,
    lease_fence BIGINT NOT NULL DEFAULT 0,
    lease_expires_at BIGINT,
    superseded_at BIGINT,
    needs_reconnect_at BIGINT,
    revoked_at BIGINT,
    -- The provider's part of a revocation.
    provider_revocation TEXT CHECK (provider_revocation IN ('revoked', 'pending', 'unsupported', 'failed', 'kept_for_other_accounts')),
    revocation_attempts BIGINT NOT NULL DEFAULT 0,
    revocation_retry_at BIGINT,
    erased_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX token_sets_of_provider_user ON token_sets (client_id, provider_user_id);
CREATE INDEX token_sets_by_expiry ON token_sets (expires_at) WHERE revoked_at IS NULL AND refresh_token IS NOT NULL;
CREATE INDEX token_sets_to_revoke ON token_sets (revocation_retry_at) WHERE provider_revocation = 'pending';

-- The journal: one row for each token call, written before the call.
CREATE TABLE intents (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    kind TEXT NOT NULL CHECK (kind IN ('refresh', 'exchange')),
    token_set_id TEXT REFERENCES token_sets (id),
    attempt_id TEXT,
    version BIGINT NOT NULL,
    holder TEXT NOT NULL,
    fence BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Set just before the first byte: from here on the token may be spent.
    sent_at BIGINT,
    closed_at BIGINT,
    outcome TEXT CHECK (outcome IN ('fresh', 'not_sent', 'not_processed', 'unknown', 'needs_reconnect', 'config_wrong')),
    -- Filled at once, so that a full disk is found before anything is spent; the answer is written over it.
    room BYTEA NOT NULL
);
CREATE INDEX intents_of_token_set ON intents (token_set_id, version);
CREATE INDEX intents_open ON intents (created_at) WHERE closed_at IS NULL;

CREATE TABLE connected_accounts (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    provider_config_id TEXT NOT NULL REFERENCES provider_configs (id),
    end_user_id TEXT NOT NULL REFERENCES end_users (id),
    token_set_id TEXT NOT NULL REFERENCES token_sets (id),
    provider_user_id TEXT,
    provider_tenant_id TEXT,
    provider_user_name TEXT,
    provider_user_email TEXT,
    label TEXT,
    status TEXT NOT NULL CHECK (status IN ('active', 'needs_reconnect', 'revoked')),
    status_reason TEXT,
    status_detail TEXT,
    status_at BIGINT,
    provider_revocation TEXT CHECK (provider_revocation IN ('revoked', 'pending', 'unsupported', 'failed', 'kept_for_other_accounts')),
    scopes TEXT NOT NULL DEFAULT '',
    missing_scopes TEXT NOT NULL DEFAULT '',
    metadata TEXT NOT NULL DEFAULT '{}',
    webhook_seq BIGINT NOT NULL DEFAULT 0,
    last_used_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
-- The same four again renew an account; a revoked one stays as it is and a new one is made.
CREATE UNIQUE INDEX connected_accounts_once
    ON connected_accounts (provider_config_id, end_user_id, provider_user_id) WHERE status <> 'revoked';
CREATE INDEX connected_accounts_of_application ON connected_accounts (application_id, id);
CREATE INDEX connected_accounts_of_end_user ON connected_accounts (end_user_id);
CREATE INDEX connected_accounts_of_token_set ON connected_accounts (token_set_id);
CREATE INDEX connected_accounts_of_provider_user ON connected_accounts (provider_config_id, provider_user_id);

CREATE TABLE connect_sessions (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    end_user_id TEXT NOT NULL REFERENCES end_users (id),
    link_hash BYTEA NOT NULL UNIQUE,
    -- SHA-256 of the cookie of the browser that pressed Continue.
    browser_hash BYTEA,
    -- Space-separated keys of provider configs.
    providers TEXT NOT NULL,
    -- As JSON: provider config key to a list of scopes.
    scopes TEXT NOT NULL DEFAULT '{}',
    reconnect_id TEXT REFERENCES connected_accounts (id),
    completion TEXT NOT NULL CHECK (completion IN ('automatic', 'confirmed')),
    status TEXT NOT NULL CHECK (status IN ('open', 'awaiting_confirmation', 'completed', 'failed', 'expired')),
    -- Sealed: the browser that finished shows it again when its page is loaded again.
    confirmation_code BYTEA,
    confirm_by BIGINT,
    return_url TEXT,
    origin TEXT,
    metadata TEXT NOT NULL DEFAULT '{}',
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX connect_sessions_of_application ON connect_sessions (application_id, id);
CREATE INDEX connect_sessions_unfinished ON connect_sessions (expires_at) WHERE status IN ('open', 'awaiting_confirmation');

CREATE TABLE attempts (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    connect_session_id TEXT NOT NULL REFERENCES connect_sessions (id),
    provider_config_id TEXT NOT NULL REFERENCES provider_configs (id),
    client_id TEXT NOT NULL REFERENCES clients (id),
    state_hash BYTEA NOT NULL UNIQUE,
    browser_hash BYTEA NOT NULL,
    pkce_verifier BYTEA,
    -- Space-separated; what this attempt asked for.
    requested_scopes TEXT NOT NULL DEFAULT '',
    redirect_uri TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    finished_at BIGINT,
    -- What it brought.
    token_set_id TEXT REFERENCES token_sets (id),
    connected_account_id TEXT REFERENCES connected_accounts (id),
    provider_user_id TEXT,
    provider_tenant_id TEXT,
    provider_user_name TEXT,
    provider_user_email TEXT,
    error_code TEXT,
    error_detail TEXT
);
CREATE INDEX attempts_of_session ON attempts (connect_session_id);

-- Provider events that were taken in, so that a repeated delivery does its work once.
CREATE TABLE provider_events (
    provider_config_id TEXT NOT NULL REFERENCES provider_configs (id),
    body_hash BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    handled_at BIGINT,
    outcome TEXT,
    PRIMARY KEY (provider_config_id, body_hash)
);
