-- What one operator has with a customer, of backends whose rows are that: the customer's row is what its
-- parts come to.
CREATE TABLE parts (
    customer_id TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    pull        INTEGER NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (customer_id, operator_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX parts_by_pull ON parts (pull);

-- Fields that the backend has no place for, laid over what it tells of a record.
CREATE TABLE kept (
    resource TEXT NOT NULL,
    id       TEXT NOT NULL,
    fields   TEXT NOT NULL,
    PRIMARY KEY (resource, id)
) STRICT, WITHOUT ROWID;
