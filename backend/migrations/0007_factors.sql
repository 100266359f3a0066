-- What proves who somebody is besides a password. `secret` is what an authenticator app and the server share, as it is: whoever has a
-- copy of the database has half of what it takes. `last_step` is the last time step (RFC 6238) whose code was taken, so that none is
-- taken twice.
create table totp (
    person_id blob primary key check (length(person_id) = 16) references accounts (person_id),
    secret blob not null check (length(secret) = 20),
    made_at integer not null,
    last_step integer not null
) strict, without rowid;

-- Ten at a time. `hash` is Argon2id of the code with the person's `salt`.
create table recovery_codes (
    person_id blob not null references accounts (person_id),
    hash blob not null check (length(hash) = 32),
    salt blob not null check (length(salt) = 16),
    made_at integer not null,
    used_at integer,
    primary key (person_id, hash)
) strict, without rowid;

-- `credential` is the authenticator's name for it, `key` the public key, `state` what changes with each use (with the counter), both as
-- webauthn_rp writes them. A passkey works under the host name it was made under.
create table passkeys (
    id blob primary key check (length(id) = 16),
    person_id blob not null references accounts (person_id),
    credential blob not null unique,
    host text not null,
    key blob not null,
    state blob not null check (length(state) = 7),
    name text not null,
    made_at integer not null,
    used_at integer
) strict, without rowid;

create index passkeys_by_person on passkeys (person_id, made_at);
