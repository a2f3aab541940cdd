-- SHA-256 of the refresh token that an import brought, or of its access token where there was none: the same tokens are not
-- imported twice, also when they have been refreshed since.
ALTER TABLE token_sets ADD COLUMN imported_hash BYTEA;
-- The account that the import made; it may stand on other tokens by now.
ALTER TABLE token_sets ADD COLUMN imported_as TEXT;
-- Imported tokens whose user the provider is still to be asked about, with a token that it has given us itself.
ALTER TABLE token_sets ADD COLUMN identity_due_at BIGINT;
CREATE UNIQUE INDEX token_sets_imported ON token_sets (application_id, imported_hash) WHERE imported_hash IS NOT NULL;
CREATE INDEX token_sets_to_identify ON token_sets (identity_due_at) WHERE identity_due_at IS NOT NULL;
