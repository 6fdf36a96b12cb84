-- Version 2 of the cache: what operators write. Never edit this file once released.
--
-- Everything here is committed durably; nothing of it can be pulled again.

-- One command: undone and redone as one.
CREATE TABLE batches (
    n        INTEGER PRIMARY KEY AUTOINCREMENT,
    batch    TEXT NOT NULL UNIQUE,
    command  TEXT NOT NULL,
    label    TEXT NOT NULL,
    at       INTEGER NOT NULL,
    operator TEXT,
    account  TEXT NOT NULL,
    peer     TEXT,
    state    TEXT NOT NULL                -- done, undone, or gone: neither to undo nor to redo
);
CREATE INDEX batches_by_state ON batches (state, n);

-- One write. `open` says that something still happens with it; the states of those are queued,
-- sending, failed, conflict and unknown, of the others done, withdrawn, discarded and replaced.
CREATE TABLE outbox (
    n          INTEGER PRIMARY KEY AUTOINCREMENT,
    key        TEXT NOT NULL UNIQUE,      -- the idempotency key
    batch      TEXT NOT NULL,
    lane       TEXT NOT NULL,
    resource   TEXT NOT NULL,
    record     TEXT NOT NULL,
    write      TEXT NOT NULL,             -- JSON
    image      TEXT NOT NULL,             -- JSON: the values that it overwrites
    after      TEXT,                      -- JSON: the values that the backend made of it, where others
    name       TEXT NOT NULL,
    operator   TEXT,
    state      TEXT NOT NULL,
    open       INTEGER NOT NULL,
    doubt      INTEGER NOT NULL DEFAULT 0,-- 0 has not arrived, 1 may have and its key is safe, 2 may have
    attempts   INTEGER NOT NULL DEFAULT 0,
    next_at    INTEGER,
    words      TEXT,
    status     INTEGER,
    theirs     TEXT,                      -- JSON: of a conflict, values by field
    needs      TEXT,                      -- ' ~a ~b ': local ids that must become real first
    held       INTEGER NOT NULL DEFAULT 0,-- the record that it needs was refused
    made_at    INTEGER NOT NULL,
    sent_at    INTEGER,
    settled_at INTEGER,
    undoes     INTEGER,                   -- the write of the same batch that it takes back
    back       INTEGER NOT NULL DEFAULT 0 -- whether it was made by undo
);
CREATE INDEX outbox_by_record ON outbox (record, n) WHERE open = 1;
CREATE INDEX outbox_by_lane ON outbox (lane, n) WHERE open = 1;
CREATE INDEX outbox_ready ON outbox (n) WHERE state IN ('queued', 'unknown') AND needs IS NULL;
CREATE INDEX outbox_later ON outbox (next_at) WHERE open = 1 AND next_at IS NOT NULL;
CREATE INDEX outbox_by_state ON outbox (state, n) WHERE open = 1;
CREATE INDEX outbox_by_batch ON outbox (batch, n);

-- Records with open writes as the backend told them last; NULL where it has none such.
CREATE TABLE truth (
    resource TEXT NOT NULL,
    id       TEXT NOT NULL,
    body     TEXT,
    UNIQUE (resource, id)
);

-- What the backend called the records that were made here.
CREATE TABLE local_ids (
    local    TEXT PRIMARY KEY,
    resource TEXT NOT NULL,
    id       TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
    n        INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    operator TEXT,
    account  TEXT NOT NULL,
    peer     TEXT,
    command  TEXT NOT NULL,
    batch    TEXT,
    resource TEXT,
    record   TEXT,
    name     TEXT,
    what     TEXT NOT NULL,
    before   TEXT,                        -- JSON
    after    TEXT                         -- JSON
);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT raise(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT raise(ABORT, 'the audit is only added to'); END;

CREATE TABLE drafts (
    key  TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    at   INTEGER NOT NULL
) WITHOUT ROWID;
