-- Authenticator apps (RFC 6238), one for a person. Until it is confirmed by a code it counts for nothing.
CREATE TABLE authenticators (
    person_id TEXT PRIMARY KEY REFERENCES people (id),
    key_sealed BYTEA NOT NULL,
    -- The time step of the last code that was accepted: none is accepted twice.
    last_step BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT
);
