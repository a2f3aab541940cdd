-- A member connects an account of their own to see whether a provider config works. No connected account comes of it.
CREATE TABLE connection_tests (
    -- The connect session's.
    id TEXT PRIMARY KEY REFERENCES connect_sessions (id),
    application_id TEXT NOT NULL REFERENCES applications (id),
    provider_config_id TEXT NOT NULL REFERENCES provider_configs (id),
    tested_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    -- What was tried and how each ended, as JSON; no token is in it.
    steps TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX connection_tests_of_config ON connection_tests (provider_config_id, id);
-- Such a session is no end user's: it is in no list.
ALTER TABLE connect_sessions ADD COLUMN tests_at BIGINT;
