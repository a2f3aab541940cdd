CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- The audit log's chain: the last number and hash that the chainer gave.
    event_seq BIGINT NOT NULL DEFAULT 0,
    event_hash BYTEA,
    event_lease_owner TEXT,
    event_lease_expires_at BIGINT
);

CREATE TABLE people (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT,
    email_verified_at BIGINT,
    password_hash TEXT,
    -- Sessions made before this moment are over.
    sessions_valid_from BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_signed_in_at BIGINT,
    disabled_at BIGINT
);

CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    credential BYTEA NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);

CREATE TABLE members (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    person_id TEXT NOT NULL REFERENCES people (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'developer', 'viewer')),
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX members_once ON members (organization_id, person_id) WHERE removed_at IS NULL;
CREATE INDEX members_of_person ON members (person_id);

-- tower-sessions' records. The key is the SHA-256 of the cookie's value; the record itself is sealed by nothing,
-- since it holds ids and times only.
CREATE TABLE portal_sessions (
    id_hash BYTEA PRIMARY KEY,
    person_id TEXT REFERENCES people (id),
    data BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX portal_sessions_of_person ON portal_sessions (person_id);
CREATE INDEX portal_sessions_by_expiry ON portal_sessions (expires_at);

CREATE TABLE applications (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    environment TEXT NOT NULL CHECK (environment IN ('development', 'production')),
    confirmation_required_at BIGINT,
    branding TEXT NOT NULL DEFAULT '{}',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX applications_of_organization ON applications (organization_id, id);

CREATE TABLE return_addresses (
    application_id TEXT NOT NULL REFERENCES applications (id),
    url TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (application_id, url)
);

-- Data keys: one or more for each application, wrapped by a master key. Without them nothing sealed opens.
CREATE TABLE data_keys (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    master_key_id TEXT NOT NULL REFERENCES master_keys (id),
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);
CREATE INDEX data_keys_of_application ON data_keys (application_id, created_at);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    name TEXT NOT NULL,
    secret_hash BYTEA NOT NULL UNIQUE,
    starts_with TEXT NOT NULL,
    -- Space-separated; empty means everything but imports.
    scopes TEXT NOT NULL DEFAULT '',
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_keys_of_application ON api_keys (application_id, id);

CREATE TABLE idempotency_keys (
    application_id TEXT NOT NULL REFERENCES applications (id),
    key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    response_status BIGINT,
    response_sealed BYTEA,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (application_id, key)
);
