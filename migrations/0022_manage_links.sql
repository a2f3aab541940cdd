-- Links with which an end user sees and ends what it has connected.
CREATE TABLE manage_links (
    -- SHA-256 of the secret in the link.
    link_hash BYTEA PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    end_user_id TEXT NOT NULL REFERENCES end_users (id),
    return_url TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX manage_links_by_expiry ON manage_links (expires_at);
