-- Since when a second person must confirm what revokes many connected accounts at once.
ALTER TABLE organizations ADD COLUMN second_person_at BIGINT;
