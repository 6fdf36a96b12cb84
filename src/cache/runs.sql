-- Version 4 of the cache: runs of macros. Never edit this file once released.

-- One run: its plan, frozen, and how far it has come. It is a batch like any other.
CREATE TABLE runs (
    batch TEXT PRIMARY KEY,
    plan  TEXT NOT NULL,                  -- JSON; empty once the run is at its end
    done  INTEGER NOT NULL,               -- records that it has come by
    total INTEGER NOT NULL
) WITHOUT ROWID;
