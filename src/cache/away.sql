-- Version 6 of the cache: what its holder knows of the backend. Never edit this file once released.

ALTER TABLE lease ADD COLUMN away TEXT;   -- JSON: why the backend gives nothing, while that is so
