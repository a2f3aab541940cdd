-- Which set of scopes an account was granted, so that accounts can be counted and found by set: few sets, many accounts.
-- An id of its own, since a set can be longer than an index takes. New ids are hashes of the set; what is here already
-- goes by the first account that has the same text.
ALTER TABLE connected_accounts ADD COLUMN scope_set TEXT NOT NULL DEFAULT '';
CREATE TABLE scope_sets_until_now AS SELECT scopes, min(id) AS id FROM connected_accounts GROUP BY scopes;
UPDATE connected_accounts SET scope_set =
    (SELECT s.id FROM scope_sets_until_now s WHERE s.scopes = connected_accounts.scopes);
DROP TABLE scope_sets_until_now;
CREATE INDEX connected_accounts_by_scope_set ON connected_accounts (provider_config_id, scope_set, id) WHERE status = 'active';

-- Active accounts by set, for sets with more than can be counted for each page; counted by a round.
CREATE TABLE scope_set_figures (
    provider_config_id TEXT NOT NULL REFERENCES provider_configs (id),
    scope_set TEXT NOT NULL,
    counted BIGINT NOT NULL,
    PRIMARY KEY (provider_config_id, scope_set)
);
