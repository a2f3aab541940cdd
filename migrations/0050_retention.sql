-- What is over is deleted after a time that the operator sets.
CREATE INDEX connected_accounts_by_end ON connected_accounts (status_at) WHERE status = 'revoked';
CREATE INDEX connect_sessions_by_end ON connect_sessions (finished_at) WHERE finished_at IS NOT NULL;
-- A row that goes asks for those that name it.
CREATE INDEX attempts_of_account ON attempts (connected_account_id) WHERE connected_account_id IS NOT NULL;
CREATE INDEX attempts_of_token_set ON attempts (token_set_id) WHERE token_set_id IS NOT NULL;
CREATE INDEX connect_sessions_to_reconnect ON connect_sessions (reconnect_id) WHERE reconnect_id IS NOT NULL;

-- Lines of a log up to this place are gone; the checkpoint at it stays, and the rest of the chain is verified from there.
ALTER TABLE event_chains ADD COLUMN forgotten_seq BIGINT NOT NULL DEFAULT 0;
CREATE INDEX event_checkpoints_by_age ON event_checkpoints (created_at);
