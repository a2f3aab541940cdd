-- An index for each filter of the audit log, newest first. Events of token sets are by far the most; where they are not
-- asked for, an index leaves them out.
DROP INDEX events_of_application;
CREATE INDEX events_of_application_in_time ON events (application_id, created_at, id);
CREATE INDEX events_of_organization_in_time ON events (organization_id, created_at, id) WHERE application_id IS NULL;
CREATE INDEX events_of_type ON events (application_id, type, created_at, id) WHERE substr(type, 1, 10) <> 'token_set.';
CREATE INDEX events_of_actor ON events (actor_id, created_at, id) WHERE actor_id IS NOT NULL;
CREATE INDEX events_of_actor_kind ON events (application_id, actor_kind, created_at, id) WHERE actor_kind <> 'keybearer';
CREATE INDEX events_that_failed ON events (application_id, created_at, id) WHERE outcome <> 'ok';
CREATE INDEX events_of_request ON events (request_id) WHERE request_id IS NOT NULL;

CREATE INDEX connect_sessions_of_end_user ON connect_sessions (end_user_id, id);
CREATE INDEX connect_sessions_by_status ON connect_sessions (application_id, status, id);
-- Whether anybody ever came back from a provider with a client.
CREATE INDEX attempts_that_returned ON attempts (client_id, used_at) WHERE used_at IS NOT NULL;
