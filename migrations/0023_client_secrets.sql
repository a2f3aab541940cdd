-- Two secrets of a client side by side, while one takes the other's place: which of them works, and since when.
ALTER TABLE clients ADD COLUMN secret_current_refused_at BIGINT;
ALTER TABLE clients ADD COLUMN secret_next_added_at BIGINT;
ALTER TABLE clients ADD COLUMN secret_next_works_since BIGINT;
ALTER TABLE clients ADD COLUMN secret_next_refused_at BIGINT;
ALTER TABLE clients ADD COLUMN secret_next_expires_at BIGINT;
-- When the provider last took a token call of this client; written every few minutes at most.
ALTER TABLE clients ADD COLUMN worked_at BIGINT;
-- How many days before the end of the current secret somebody was last reminded of it.
ALTER TABLE clients ADD COLUMN secret_reminded_days BIGINT;
-- Out of use, though a revocation may still need its secret.
ALTER TABLE clients ADD COLUMN retired_at BIGINT;
CREATE INDEX clients_by_secret_expiry ON clients (secret_expires_at) WHERE secret_expires_at IS NOT NULL;
