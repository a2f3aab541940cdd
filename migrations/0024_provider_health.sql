-- Capped counts by state and what failed lately, cheap with a million accounts: each is answered from its index alone.
CREATE INDEX connected_accounts_by_state ON connected_accounts (provider_config_id, status);
CREATE INDEX token_sets_failed ON token_sets (provider_config_id, last_failure_at)
    WHERE last_failure_at IS NOT NULL AND revoked_at IS NULL AND needs_reconnect_at IS NULL;
CREATE INDEX token_sets_lost ON token_sets (provider_config_id, needs_reconnect_at)
    WHERE needs_reconnect_at IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX token_sets_of_client ON token_sets (client_id, id) WHERE revoked_at IS NULL AND erased_at IS NULL;
