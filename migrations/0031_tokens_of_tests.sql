-- Tokens of a connection test are no authorization of an end user's and count nowhere, unless accounts come to stand on them.
ALTER TABLE token_sets ADD COLUMN tests_at BIGINT;
UPDATE token_sets SET tests_at = created_at WHERE id IN (
    SELECT a.token_set_id FROM attempts a JOIN connect_sessions s ON s.id = a.connect_session_id WHERE s.tests_at IS NOT NULL
) AND NOT EXISTS (SELECT 1 FROM connected_accounts c WHERE c.token_set_id = token_sets.id);
