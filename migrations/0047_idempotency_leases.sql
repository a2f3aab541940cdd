-- Who makes the call under an idempotency key, and until when that counts by the database's clock: a server that dies does not
-- block the key for long. The key itself is stored as a hash.
ALTER TABLE idempotency_keys ADD COLUMN lease_owner TEXT;
ALTER TABLE idempotency_keys ADD COLUMN lease_expires_at BIGINT;
-- The scope that the call asked for: nobody else hears the stored answer.
ALTER TABLE idempotency_keys ADD COLUMN scope TEXT;
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
