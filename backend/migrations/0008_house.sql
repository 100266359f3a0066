-- How the house is run: who may make an account, whether there are guests, and what the operator does about people.

-- One row. None: as it is unless somebody chooses.
create table house (
    one integer primary key check (one = 1),
    sign_up text,
    guests text
) strict;

insert into house (one) values (1);

-- What lets somebody make an account. Of its code there is only the SHA-256. `made_by` is none for the shell's.
create table invitations (
    id integer primary key,
    secret blob not null unique check (length(secret) = 32),
    made_by blob check (length(made_by) = 16),
    made_at integer not null,
    expires_at integer,
    most_uses integer,
    uses integer not null default 0,
    revoked_at integer
) strict;

-- What lets somebody choose a new password, once. Of its code there is only the SHA-256.
create table resets (
    person_id blob primary key check (length(person_id) = 16) references accounts (person_id) on delete cascade,
    secret blob not null unique check (length(secret) = 32),
    made_at integer not null,
    expires_at integer not null
) strict, without rowid;

-- When the account was last used, of the sessions that are over.
alter table accounts add column last_seen_at integer;

-- Whose account was deleted. What they wrote where others are stays; who it was does not.
create table departed (
    person_id blob primary key check (length(person_id) = 16),
    at integer not null
) strict, without rowid;

-- What the shell asks of a server that runs, and what came of it. No secret is in either. Rows go when they are answered.
create table orders (
    id integer primary key,
    at integer not null,
    asked text not null,
    answer text
) strict;
