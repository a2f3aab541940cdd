-- GET /v1/end-users reads an application's end users by id.
CREATE INDEX end_users_in_order ON end_users (application_id, id) WHERE erased_at IS NULL;
