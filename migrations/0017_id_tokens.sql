-- SHA-256 of the nonce, where an ID token is asked for.
ALTER TABLE attempts ADD COLUMN nonce_hash BYTEA;
-- Sealed; from the answer until it is checked.
ALTER TABLE attempts ADD COLUMN id_token BYTEA;
-- Of the entry that the browser was sent away with: an answer goes to no other endpoints.
ALTER TABLE attempts ADD COLUMN entry_hash TEXT;
