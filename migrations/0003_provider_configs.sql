CREATE TABLE provider_configs (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    key TEXT NOT NULL,
    provider TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'rejected', 'disabled', 'removed')),
    -- Space-separated; what the developer expects to be granted.
    scopes TEXT NOT NULL DEFAULT '',
    current_client_id TEXT,
    verified_at BIGINT,
    probed_at BIGINT,
    rejection TEXT,
    -- The entry as it was when it was saved, so that a changed catalogue cannot move endpoints unseen.
    entry_snapshot TEXT NOT NULL,
    entry_hash TEXT NOT NULL,
    webhook_secret BYTEA,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX provider_configs_by_key ON provider_configs (application_id, key) WHERE removed_at IS NULL;

-- OAuth clients. A token set is only ever refreshed with the client it was issued to.
CREATE TABLE clients (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    provider_config_id TEXT NOT NULL REFERENCES provider_configs (id),
    client_id TEXT NOT NULL,
    secret_current BYTEA,
    secret_current_ends TEXT NOT NULL DEFAULT '',
    secret_next BYTEA,
    secret_next_ends TEXT NOT NULL DEFAULT '',
    secret_expires_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    removed_at BIGINT,
    UNIQUE (provider_config_id, client_id)
);
