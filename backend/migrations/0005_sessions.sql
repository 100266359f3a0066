-- Who has an account, and by which sessions they are signed in. A guest's session is their cookie and has no row; once they have an
-- account that cookie is in `ended_sessions`.

-- `name_key` is the name as it is compared. `password` is what Argon2 made of it, in the PHC format, none where there is another
-- way in. `first_list` is what they began with as a guest.
create table accounts (
    person_id blob primary key check (length(person_id) = 16) references persons (id),
    name text not null,
    name_key text not null unique,
    password text,
    first_list blob not null check (length(first_list) = 16),
    made_at integer not null,
    suspended_at integer
) strict, without rowid;

-- `id` is no secret; `token` is the SHA-256 of one. `seen_at` is true to an hour.
create table sessions (
    id blob primary key check (length(id) = 16),
    token blob not null unique check (length(token) = 32),
    person_id blob not null references accounts (person_id),
    made_at integer not null,
    seen_at integer not null,
    agent text not null,
    place text not null,
    method text not null
) strict, without rowid;

create index sessions_by_person on sessions (person_id);
