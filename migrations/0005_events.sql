-- The audit log. The core columns are hashed into the chain; the personal ones only as a salted digest, so that
-- erasing a person keeps the chain valid. seq and hashes are given by the chainer after the commit.
CREATE TABLE events (
    id TEXT PRIMARY KEY,
    organization_id TEXT REFERENCES organizations (id),
    application_id TEXT REFERENCES applications (id),
    type TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    target TEXT NOT NULL,
    outcome TEXT NOT NULL,
    request_id TEXT,
    -- As JSON, without personal data.
    detail TEXT NOT NULL DEFAULT '{}',
    -- As JSON: names, addresses; erased with the person.
    personal TEXT,
    personal_salt BYTEA NOT NULL,
    personal_digest BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    seq BIGINT,
    previous_hash BYTEA,
    hash BYTEA
);
CREATE UNIQUE INDEX events_in_order ON events (organization_id, seq) WHERE seq IS NOT NULL;
CREATE INDEX events_unchained ON events (id) WHERE seq IS NULL;
CREATE INDEX events_of_application ON events (application_id, id);
CREATE INDEX events_of_target ON events (target, id);
