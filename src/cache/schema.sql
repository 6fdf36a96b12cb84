-- Version 1 of the cache. Never edit this file once released: add a migration instead.
--
-- Every record is kept whole in `body`, exactly as the model writes it; the other columns are
-- made from it so that lists can be filtered and sorted. Times are milliseconds since the
-- epoch, days are YYYY-MM-DD, a missing figure is NULL. `pull` is the number of the full pull
-- that last saw the row. `search` is folded text, `pinyin` its readings, `name_key` sorts.
-- Rows may mention records that have not arrived yet: nothing here is a foreign key.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT
) WITHOUT ROWID;

CREATE TABLE sync_state (
    resource TEXT PRIMARY KEY,
    cursor   TEXT,                        -- where an interrupted pull goes on
    seq      INTEGER,                     -- change number that the rows agree with
    pull     INTEGER NOT NULL DEFAULT 0,  -- number of the latest full pull
    complete INTEGER NOT NULL DEFAULT 0,  -- whether that pull came to its end
    at       INTEGER                      -- when the backend was last heard
) WITHOUT ROWID;

CREATE TABLE lease (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE customers (
    n         INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    name_key  TEXT NOT NULL,
    remark    TEXT,
    alias     TEXT,
    search    TEXT NOT NULL,
    pinyin    TEXT NOT NULL,
    stage     TEXT,
    derived   INTEGER NOT NULL,           -- whether `stage` is the console's own conclusion
    source    TEXT,
    city      TEXT,
    company   TEXT,
    birthday  TEXT,                       -- MM-DD
    level     TEXT,
    points    INTEGER,
    added     INTEGER,
    contacted INTEGER,
    active    INTEGER,
    ordered   INTEGER,
    orders    INTEGER,
    ltv       INTEGER,
    currency  TEXT,
    referrer  TEXT,
    phone     TEXT,                       -- the first one
    next_due  INTEGER,                    -- earliest due time of the pending follow-ups
    rev       TEXT,
    pull      INTEGER NOT NULL,
    body      TEXT NOT NULL
);
CREATE INDEX customers_by_name ON customers (name_key, id);
CREATE INDEX customers_by_added ON customers (added, id);
CREATE INDEX customers_by_contacted ON customers (contacted, id);
CREATE INDEX customers_by_active ON customers (active, id);
CREATE INDEX customers_by_ordered ON customers (ordered, id);
CREATE INDEX customers_by_ltv ON customers (ltv, id);
CREATE INDEX customers_by_next_due ON customers (next_due, id);
CREATE INDEX customers_by_referrer ON customers (referrer) WHERE referrer IS NOT NULL;

CREATE TABLE customer_tags (
    customer_id TEXT NOT NULL,
    tag_id      TEXT NOT NULL,
    PRIMARY KEY (customer_id, tag_id)
) WITHOUT ROWID;
CREATE INDEX customer_tags_by_tag ON customer_tags (tag_id, customer_id);

CREATE TABLE customer_owners (
    customer_id TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    PRIMARY KEY (customer_id, operator_id)
) WITHOUT ROWID;
CREATE INDEX customer_owners_by_operator ON customer_owners (operator_id, customer_id);

CREATE TABLE tags (
    id        TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    name_fold TEXT NOT NULL,
    name_key  TEXT NOT NULL,
    group_id  TEXT,
    color     TEXT,
    ord       INTEGER,
    deleted   INTEGER NOT NULL,
    customers INTEGER NOT NULL DEFAULT 0, -- customers who have it now
    pull      INTEGER NOT NULL,
    body      TEXT NOT NULL
);
CREATE INDEX tags_by_name ON tags (name_fold);

-- How many customers had a tag at the end of a day; days without a change have no row.
CREATE TABLE tag_days (
    tag_id    TEXT NOT NULL,
    day       TEXT NOT NULL,
    customers INTEGER NOT NULL,
    PRIMARY KEY (tag_id, day)
) WITHOUT ROWID;

CREATE TABLE tag_groups (
    id        TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    name_fold TEXT NOT NULL,
    name_key  TEXT NOT NULL,
    exclusive INTEGER NOT NULL,
    ord       INTEGER,
    pull      INTEGER NOT NULL,
    body      TEXT NOT NULL
);

CREATE TABLE operators (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    name_fold  TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    search     TEXT NOT NULL,
    pinyin     TEXT NOT NULL,
    department TEXT,
    active     INTEGER NOT NULL,
    pull       INTEGER NOT NULL,
    body       TEXT NOT NULL
);

CREATE TABLE groups (
    id             TEXT PRIMARY KEY,
    name           TEXT NOT NULL,
    name_key       TEXT NOT NULL,
    name_fold      TEXT NOT NULL,
    search         TEXT NOT NULL,
    pinyin         TEXT NOT NULL,
    owner_id       TEXT,
    status         TEXT,
    created        INTEGER,
    member_count   INTEGER,
    customer_count INTEGER,
    active7        INTEGER,               -- mean of members who wrote per day, last 7 days
    net7           INTEGER,               -- joined less left, last 7 days
    messages7      INTEGER,               -- messages, last 7 days
    rev            TEXT,
    pull           INTEGER NOT NULL,
    body           TEXT NOT NULL
);
CREATE INDEX groups_by_name ON groups (name_key, id);

CREATE TABLE group_tags (
    group_id TEXT NOT NULL,
    tag_id   TEXT NOT NULL,
    PRIMARY KEY (group_id, tag_id)
) WITHOUT ROWID;
CREATE INDEX group_tags_by_tag ON group_tags (tag_id, group_id);

CREATE TABLE group_days (
    id             TEXT PRIMARY KEY,      -- group_id:day
    group_id       TEXT NOT NULL,
    day            TEXT NOT NULL,
    messages       INTEGER,
    active_members INTEGER,
    joined         INTEGER,
    left           INTEGER,
    members        INTEGER,
    hours          TEXT,                  -- JSON list of 24 figures
    pull           INTEGER NOT NULL,
    body           TEXT NOT NULL
);
CREATE INDEX group_days_by_day ON group_days (group_id, day, messages, active_members, joined, left);
CREATE INDEX group_days_of_day ON group_days (day, messages, joined, left);

CREATE TABLE group_members (
    id           TEXT PRIMARY KEY,        -- group_id:member_id
    group_id     TEXT NOT NULL,
    member_id    TEXT NOT NULL,
    customer_id  TEXT,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL,
    search       TEXT NOT NULL,
    pinyin       TEXT NOT NULL,
    kind         TEXT,
    joined       INTEGER,
    join_scene   TEXT,
    invited_by   TEXT,
    left         INTEGER,
    messages     INTEGER,
    last_message INTEGER,
    pull         INTEGER NOT NULL,
    body         TEXT NOT NULL
);
CREATE INDEX group_members_by_last_message ON group_members (group_id, last_message, member_id);
CREATE INDEX group_members_by_left ON group_members (group_id, left);
CREATE INDEX group_members_by_customer ON group_members (customer_id, group_id) WHERE customer_id IS NOT NULL;

CREATE TABLE group_activities (
    id           TEXT PRIMARY KEY,
    group_id     TEXT NOT NULL,
    kind         TEXT NOT NULL,
    title        TEXT NOT NULL,
    starts       INTEGER,
    ends         INTEGER,
    participants INTEGER,
    conversions  INTEGER,
    pull         INTEGER NOT NULL,
    body         TEXT NOT NULL
);
CREATE INDEX group_activities_by_group ON group_activities (group_id, starts);

CREATE TABLE follow_ups (
    id          TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    title       TEXT NOT NULL,
    search      TEXT NOT NULL,
    pinyin      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    due         INTEGER,
    sla         INTEGER,
    priority    INTEGER NOT NULL,         -- 0 low, 1 normal, 2 high, 3 urgent
    status      TEXT NOT NULL,
    snoozed     INTEGER,
    assignee_id TEXT,
    source      TEXT,
    outcome     TEXT,
    created     INTEGER,
    done        INTEGER,
    rev         TEXT,
    pull        INTEGER NOT NULL,
    body        TEXT NOT NULL
);
CREATE INDEX follow_ups_by_due ON follow_ups (due, priority DESC, id DESC);
CREATE INDEX follow_ups_by_customer ON follow_ups (customer_id, status, due);

CREATE TABLE events (
    id          TEXT PRIMARY KEY,
    customer_id TEXT,
    group_id    TEXT,
    operator_id TEXT,
    at          INTEGER,
    kind        TEXT NOT NULL,
    title       TEXT NOT NULL,
    search      TEXT NOT NULL,
    pull        INTEGER NOT NULL,
    body        TEXT NOT NULL
);
CREATE INDEX events_by_time ON events (at, id);
CREATE INDEX events_by_customer ON events (customer_id, at, id) WHERE customer_id IS NOT NULL;
CREATE INDEX events_by_group ON events (group_id, at, id) WHERE group_id IS NOT NULL;

CREATE TABLE orders (
    id          TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    at          INTEGER,
    amount      INTEGER,
    currency    TEXT,
    status      TEXT,
    search      TEXT NOT NULL,
    pull        INTEGER NOT NULL,
    body        TEXT NOT NULL
);
CREATE INDEX orders_by_time ON orders (at, id);
CREATE INDEX orders_by_customer ON orders (customer_id, at);

CREATE TABLE snippets (
    id        TEXT PRIMARY KEY,
    title     TEXT NOT NULL,
    name_key  TEXT NOT NULL,
    search    TEXT NOT NULL,
    pinyin    TEXT NOT NULL,
    grp       TEXT,
    body_text TEXT NOT NULL,
    pull      INTEGER NOT NULL,
    body      TEXT NOT NULL
);

CREATE TABLE broadcasts (
    id         TEXT PRIMARY KEY,
    title      TEXT NOT NULL,
    search     TEXT NOT NULL,
    pinyin     TEXT NOT NULL,
    created    INTEGER,
    created_by TEXT,
    status     TEXT,
    pull       INTEGER NOT NULL,
    body       TEXT NOT NULL
);
