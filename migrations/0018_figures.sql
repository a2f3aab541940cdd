-- How often things happened, by the hour: counted from the events by a round, so that no token commit waits for a
-- counter that others write too.
CREATE TABLE hourly_figures (
    application_id TEXT NOT NULL REFERENCES applications (id),
    hour_at BIGINT NOT NULL,
    event_type TEXT NOT NULL,
    counted BIGINT NOT NULL,
    PRIMARY KEY (application_id, hour_at, event_type)
);
CREATE INDEX hourly_figures_by_hour ON hourly_figures (hour_at);

-- Connected accounts by state, for applications with more than can be counted for each page.
CREATE TABLE account_figures (
    application_id TEXT NOT NULL REFERENCES applications (id),
    status TEXT NOT NULL,
    counted BIGINT NOT NULL,
    PRIMARY KEY (application_id, status)
);

-- Until when each round has counted, and when it is due again: one server does it.
CREATE TABLE figure_rounds (
    name TEXT PRIMARY KEY,
    counted_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL
);
INSERT INTO figure_rounds (name, counted_at, due_at) VALUES ('events', 0, 0), ('accounts', 0, 0);

CREATE INDEX events_to_count ON events (created_at, application_id, type)
    WHERE type IN ('token_set.refreshed', 'token_set.refresh_failed', 'connected_account.connected', 'connected_account.needs_reconnect', 'connected_account.revoked');
CREATE INDEX connected_accounts_by_status ON connected_accounts (application_id, status, id);
