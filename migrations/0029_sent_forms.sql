-- Forms that were sent and are done once only: a page that shows a secret and is loaded again sends its form again.
CREATE TABLE sent_forms (
    person_id TEXT NOT NULL REFERENCES people (id),
    -- SHA-256 of the random token in the form.
    token_hash BYTEA NOT NULL,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, token_hash)
);
CREATE INDEX sent_forms_by_time ON sent_forms (sent_at);
