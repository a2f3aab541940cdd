-- The table of this name that came before was never written to.
DROP TABLE passkeys;
CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    credential_id BYTEA NOT NULL UNIQUE,
    -- The public key as the authenticator gave it: a COSE_Key.
    public_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkeys_of_person ON passkeys (person_id, id);

-- Each is deleted by its use, so it is used once, whichever server is asked.
CREATE TABLE passkey_challenges (
    challenge_hash BYTEA PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('add', 'sign_in', 'second_factor', 'proof')),
    person_id TEXT REFERENCES people (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX passkey_challenges_by_expiry ON passkey_challenges (expires_at);
