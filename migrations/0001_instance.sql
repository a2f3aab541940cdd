-- What this database knows of itself. One row; a copied database finds another public URL than its own.
CREATE TABLE instance (
    only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
    public_url TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    founded_at BIGINT,
    set_up_code_hash BYTEA,
    set_up_code_expires_at BIGINT,
    quarantined_at BIGINT,
    quarantine_reason TEXT
);

-- A check value for each master key: a process whose key does not open it stops before it touches anything.
CREATE TABLE master_keys (
    id TEXT PRIMARY KEY,
    check_value BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);

-- Attempts that are counted over a window: sign-ins, credential probes. Shared by all servers.
CREATE TABLE throttles (
    key TEXT PRIMARY KEY,
    window_started_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL
);
