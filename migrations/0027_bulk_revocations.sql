-- Many connected accounts that are revoked one after the other, by whichever server holds the lease.
CREATE TABLE bulk_revocations (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'finished', 'stopped', 'expired')),
    -- Which accounts, as JSON.
    filter TEXT NOT NULL,
    -- The newest account there was: later ones are not meant.
    newest_account_id TEXT NOT NULL,
    -- The account that was looked at last; the way goes from new to old.
    last_account_id TEXT,
    reason TEXT NOT NULL,
    -- How many there were to revoke.
    accounts BIGINT NOT NULL,
    revoked BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    -- The first few that failed, as JSON.
    failures TEXT NOT NULL DEFAULT '[]',
    -- Persons; null for the command line.
    requested_by TEXT REFERENCES people (id),
    confirmed_by TEXT REFERENCES people (id),
    stopped_by TEXT REFERENCES people (id),
    created_at BIGINT NOT NULL,
    -- Until when a second person may confirm.
    confirm_by BIGINT,
    started_at BIGINT,
    ended_at BIGINT,
    lease_owner TEXT,
    lease_expires_at BIGINT
);
CREATE INDEX bulk_revocations_of_application ON bulk_revocations (application_id, id);
CREATE INDEX bulk_revocations_unfinished ON bulk_revocations (id) WHERE state IN ('waiting', 'running');
