-- An endpoint signs with two secrets for a day after a rotation: the new one stands in secret_current at once.
ALTER TABLE webhook_endpoints RENAME COLUMN secret_next TO secret_previous;
ALTER TABLE webhook_endpoints ADD COLUMN previous_until_at BIGINT;
ALTER TABLE webhook_endpoints ADD COLUMN secret_added_at BIGINT;
ALTER TABLE webhook_endpoints ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE webhook_endpoints ADD COLUMN pause_reason TEXT
    CHECK (pause_reason IN ('requested', 'gone', 'failing', 'copied'));
-- Since when no delivery has succeeded any more; null while the last one did.
ALTER TABLE webhook_endpoints ADD COLUMN failing_since_at BIGINT;
-- When the last delivery of a deleted one was forgotten.
ALTER TABLE webhook_endpoints ADD COLUMN emptied_at BIGINT;

ALTER TABLE deliveries ADD COLUMN type TEXT NOT NULL DEFAULT '';
-- Attempts since it was written or replayed; attempts counts all of them.
ALTER TABLE deliveries ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN lease_owner TEXT;
ALTER TABLE deliveries ADD COLUMN lease_expires_at BIGINT;
DROP INDEX deliveries_due;
CREATE INDEX deliveries_waiting ON deliveries (webhook_endpoint_id, next_attempt_at)
    WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE INDEX deliveries_given_up ON deliveries (webhook_endpoint_id, id) WHERE given_up_at IS NOT NULL;
CREATE INDEX deliveries_by_age ON deliveries (created_at);
CREATE INDEX deliveries_of_account ON deliveries (connected_account_id);

-- What became of each attempt.
CREATE TABLE delivery_attempts (
    delivery_id TEXT NOT NULL REFERENCES deliveries (id),
    number BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    took BIGINT NOT NULL,
    status BIGINT,
    error TEXT,
    -- The first characters of what the endpoint answered.
    answer TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (delivery_id, number)
);
