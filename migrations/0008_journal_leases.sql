-- A code exchange has no token set yet to hold a lease on: its intent holds one, so that others can tell a call that is
-- under way from one whose process is gone.
ALTER TABLE intents ADD COLUMN lease_expires_at BIGINT;

-- When a token set that nobody uses is refreshed all the same, well before the provider forgets the grant.
ALTER TABLE token_sets ADD COLUMN keep_alive_at BIGINT;
UPDATE token_sets SET keep_alive_at = issued_at + 2592000000 WHERE refresh_token IS NOT NULL;
CREATE INDEX token_sets_to_keep_alive ON token_sets (keep_alive_at)
    WHERE revoked_at IS NULL AND refresh_token IS NOT NULL;
CREATE INDEX attempts_unfinished ON attempts (used_at) WHERE finished_at IS NULL;
CREATE INDEX intents_of_attempt ON intents (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX intents_by_end ON intents (closed_at) WHERE closed_at IS NOT NULL;
