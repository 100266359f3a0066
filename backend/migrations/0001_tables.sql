-- What is true now, what happened, and what each page has asked. Ids are the 16 bytes of a UUID; times are
-- milliseconds since 1970 UTC.

-- One row. `head` and `at` are those of the newest log row or later; `oldest` is the last row that history no longer has.
create table meta (
    one integer primary key check (one = 1),
    epoch text not null,
    head integer not null,
    at integer not null,
    oldest integer not null,
    wire integer not null,
    link_key blob not null check (length(link_key) = 32)
) strict;

-- A guest who has not done anything has no row.
create table persons (
    id blob primary key check (length(id) = 16),
    name text not null,
    colour integer not null,
    version integer not null
) strict, without rowid;

-- `open` counts the tasks to do, so that the side of a page never counts ten thousand rows. Raising `generation` voids
-- every share link of the list.
create table lists (
    id blob primary key check (length(id) = 16),
    name text not null,
    version integer not null,
    open integer not null,
    generation integer not null default 0
) strict, without rowid;

-- `joined_seq` is the row that made this person a member: rows of the list up to there are not theirs to read.
create table members (
    list_id blob not null references lists (id),
    person_id blob not null references persons (id),
    role text not null check (role in ('viewer', 'editor', 'owner')),
    joined_seq integer not null,
    primary key (list_id, person_id)
) strict, without rowid;

create index members_by_person on members (person_id);

-- Order keys compare as bytes, which is what `binary` does; no language's rules may enter.
create table tasks (
    id blob primary key check (length(id) = 16),
    list_id blob not null references lists (id),
    title text not null,
    priority integer check (priority between 1 and 4),
    order_key text not null collate binary,
    added_by blob not null,
    added_at integer not null,
    done_by blob,
    done_at integer,
    deleted_by blob,
    deleted_at integer
) strict, without rowid;

create index tasks_by_order on tasks (list_id, order_key);

-- Apart from the tasks: deciding needs every task of a list but hardly ever a note.
create table notes (
    task_id blob primary key references tasks (id),
    body text not null
) strict, without rowid;

-- One row is one command's effect on one topic. `changes` is the JSON of the wire, so that it is encoded once ever.
create table log (
    seq integer primary key,
    kind text not null check (kind in ('list', 'person')),
    topic blob not null,
    version integer not null,
    actor blob not null,
    client blob,
    mid integer,
    at integer not null,
    changes text not null
) strict;

-- Every index ends in the row's number, here `seq`: this one reads a topic's rows from any cursor, in order.
create index log_by_topic on log (topic, kind);

-- The exactly-once register: how far each page load has been answered. No reference to `persons`, so that what a
-- refused page asked is remembered too.
create table clients (
    id blob primary key check (length(id) = 16),
    person_id blob not null,
    last_mid integer not null,
    seen_at integer not null
) strict, without rowid;

-- Commands up to `last_mid` that are not here were done.
create table refusals (
    client blob not null references clients (id),
    mid integer not null,
    code text not null,
    primary key (client, mid)
) strict, without rowid;
