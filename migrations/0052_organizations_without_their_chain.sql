-- Since event_chains holds how far an organization's log has been chained, nothing reads or writes these.
ALTER TABLE organizations DROP COLUMN event_seq;
ALTER TABLE organizations DROP COLUMN event_hash;
ALTER TABLE organizations DROP COLUMN event_lease_owner;
ALTER TABLE organizations DROP COLUMN event_lease_expires_at;
