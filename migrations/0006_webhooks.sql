CREATE TABLE webhook_endpoints (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    url TEXT NOT NULL,
    -- Space-separated event types; empty means all.
    types TEXT NOT NULL DEFAULT '',
    secret_current BYTEA NOT NULL,
    secret_next BYTEA,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    paused_at BIGINT,
    deleted_at BIGINT
);
CREATE INDEX webhook_endpoints_of_application ON webhook_endpoints (application_id, id);

-- The outbox: written with the change it tells of.
CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    webhook_endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id),
    event_id TEXT NOT NULL REFERENCES events (id),
    connected_account_id TEXT REFERENCES connected_accounts (id),
    seq BIGINT,
    body TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_attempt_at BIGINT,
    last_status BIGINT,
    last_error TEXT,
    delivered_at BIGINT,
    given_up_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE INDEX deliveries_of_endpoint ON deliveries (webhook_endpoint_id, id);
