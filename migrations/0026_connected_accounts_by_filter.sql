-- Each filter of the list has an index that ends in the order of the list (that by status is there already). None holds a
-- column that a token read or a refresh writes.
CREATE INDEX connected_accounts_by_reason ON connected_accounts (application_id, status_reason, id)
    WHERE status_reason IS NOT NULL;
CREATE INDEX connected_accounts_of_config ON connected_accounts (provider_config_id, id);
CREATE INDEX connected_accounts_of_config_by_status ON connected_accounts (provider_config_id, status, id);
CREATE INDEX connected_accounts_by_creation ON connected_accounts (application_id, created_at, id);
CREATE INDEX end_users_by_group ON end_users (application_id, end_user_group) WHERE end_user_group IS NOT NULL;

-- What a search finds by its beginning. {bytewise} is the database's own word for comparing bytes.
CREATE INDEX end_users_by_lower_id ON end_users (application_id, lower(external_id){bytewise});
CREATE INDEX end_users_by_lower_name ON end_users (application_id, lower(name){bytewise}) WHERE name IS NOT NULL;
CREATE INDEX end_users_by_lower_email ON end_users (application_id, lower(email){bytewise}) WHERE email IS NOT NULL;
CREATE INDEX connected_accounts_by_lower_name ON connected_accounts (application_id, lower(provider_user_name){bytewise})
    WHERE provider_user_name IS NOT NULL;
CREATE INDEX connected_accounts_by_lower_email ON connected_accounts (application_id, lower(provider_user_email){bytewise})
    WHERE provider_user_email IS NOT NULL;
