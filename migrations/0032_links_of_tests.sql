-- The link of a connection test, sealed: the member who began it finds it again for as long as the test is open.
ALTER TABLE connection_tests ADD COLUMN link BYTEA;
