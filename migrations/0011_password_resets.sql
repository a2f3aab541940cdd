-- Links that set a new password. The secret stands here as its SHA-256 alone.
CREATE TABLE password_resets (
    link_hash BYTEA PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX password_resets_of_person ON password_resets (person_id);
CREATE INDEX password_resets_by_expiry ON password_resets (expires_at);
