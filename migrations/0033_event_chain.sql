-- Each organization's audit log is a chain of hashes, given after the commit. Every event names its organization, so that
-- the chain can be told from it.
UPDATE events SET organization_id = (SELECT a.organization_id FROM applications a WHERE a.id = events.application_id)
WHERE organization_id IS NULL AND application_id IS NOT NULL;
DROP INDEX events_unchained;
CREATE INDEX events_unchained ON events (organization_id, id) WHERE seq IS NULL;
CREATE INDEX events_of_application_in_order ON events (application_id, seq) WHERE seq IS NOT NULL;

-- Where each chain ends, and the key that signs it (Ed25519; the private half sealed under the master key).
CREATE TABLE event_chains (
    organization_id TEXT PRIMARY KEY REFERENCES organizations (id),
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    private_key_sealed BYTEA NOT NULL,
    checkpoint_seq BIGINT NOT NULL DEFAULT 0,
    checkpoint_at BIGINT NOT NULL
);

-- What a chain was at some moment, signed.
CREATE TABLE event_checkpoints (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, seq)
);

-- Token reads and proxied calls are so many that those of one API key which are written together share a row in events; each is a line here, with
-- a place of its own in the chain. "lines" is their number; seq and hash of the shared row are those of its last line.
ALTER TABLE events ADD COLUMN lines BIGINT;
CREATE TABLE event_lines (
    event_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    type TEXT NOT NULL,
    target TEXT NOT NULL,
    request_id TEXT,
    detail TEXT NOT NULL,
    -- As those of events; null for lines that have nothing personal.
    personal TEXT,
    personal_salt BYTEA,
    personal_digest BYTEA,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, position)
);
CREATE INDEX event_lines_of_target ON event_lines (target, event_id);
