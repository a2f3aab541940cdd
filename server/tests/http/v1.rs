mod application;
mod connect_sessions;
mod connected_accounts;
mod every_operation;
mod provider_configs;
mod providers;
mod token;
