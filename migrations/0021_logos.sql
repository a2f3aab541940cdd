-- The picture at the top of an application's connect pages. Served by its hash, to anybody.
CREATE TABLE logos (
    application_id TEXT PRIMARY KEY REFERENCES applications (id),
    -- SHA-256 of the bytes, in hex.
    hash TEXT NOT NULL,
    media_type TEXT NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp')),
    bytes BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX logos_by_hash ON logos (hash);
