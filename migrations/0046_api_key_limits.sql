-- What an API key is restricted to: the networks that it is taken from, space-separated, and what the proxy does for it, as
-- JSON. Empty and null mean no restriction.
ALTER TABLE api_keys ADD COLUMN sources TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN policy TEXT;
-- Since when no token is handed out to it, so that its backend calls providers through the proxy alone.
ALTER TABLE api_keys ADD COLUMN proxy_only_at BIGINT;
-- The key that takes its place.
ALTER TABLE api_keys ADD COLUMN replaced_by TEXT;
-- The same for every key of the application.
ALTER TABLE applications ADD COLUMN proxy_only_at BIGINT;
