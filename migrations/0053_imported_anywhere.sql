-- A refresh token that one application has imported is found from another: two that renew it lose it to each other.
CREATE INDEX token_sets_imported_anywhere ON token_sets (imported_hash) WHERE imported_hash IS NOT NULL;
