-- Version 5 of the cache. Never edit this file once released.
--
-- What the backend has no place for stays in the outbox, open for good, in the state `kept`: so it lies
-- over what the backend tells, stands in the journal, and can be taken back. The table that was meant for
-- it was never used.
DROP TABLE kept;
CREATE INDEX outbox_stays ON outbox (resource, record) WHERE state = 'kept';
