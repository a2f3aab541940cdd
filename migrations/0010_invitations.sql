-- Who is invited to an organization. The link's secret stands here as its SHA-256 alone.
CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'developer', 'viewer')),
    link_hash BYTEA NOT NULL UNIQUE,
    invited_by TEXT NOT NULL REFERENCES people (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    accepted_at BIGINT,
    withdrawn_at BIGINT,
    -- What became of the mail with the link: sent, or why not.
    mailed_at BIGINT,
    mail_problem TEXT
);
CREATE UNIQUE INDEX invitations_once ON invitations (organization_id, email)
    WHERE accepted_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX invitations_of_organization ON invitations (organization_id, id);
CREATE INDEX invitations_by_person ON invitations (invited_by);
