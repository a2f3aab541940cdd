-- Providers of an application's own. Their slugs begin with custom-, which no file of a catalogue does.
CREATE TABLE custom_providers (
    application_id TEXT NOT NULL REFERENCES applications (id),
    slug TEXT NOT NULL,
    -- The entry as JSON, like the snapshots of provider configs.
    entry TEXT NOT NULL,
    -- What the issuer announced when the entry was saved or last adopted, as JSON.
    announced TEXT,
    -- What it announces now, where that differs and nobody has adopted it.
    announced_now TEXT,
    checked_at BIGINT,
    -- Why the last check got no answer that counts.
    check_failure TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (application_id, slug)
);
CREATE INDEX custom_providers_to_check ON custom_providers (checked_at);
