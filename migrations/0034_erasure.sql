-- End users whose erasure is not over: a provider has not answered a revocation yet, and what identifies its user is needed
-- until then.
ALTER TABLE end_users ADD COLUMN erasure_finished_at BIGINT;
CREATE INDEX deliveries_of_event ON deliveries (event_id);
CREATE INDEX end_users_being_erased ON end_users (id) WHERE erased_at IS NOT NULL AND erasure_finished_at IS NULL;
