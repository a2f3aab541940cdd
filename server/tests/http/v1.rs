mod application;
mod connect_sessions;
mod connected_accounts;
mod end_users;
mod every_operation;
mod provider_configs;
mod providers;
mod token;
