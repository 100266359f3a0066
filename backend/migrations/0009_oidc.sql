-- Who signs in through a provider of OpenID Connect: `subject` is what that calls them for ever, `name` what it calls them now.
create table identities (
    issuer text not null,
    subject text not null,
    person_id blob not null references accounts (person_id),
    name text not null,
    made_at integer not null,
    primary key (issuer, subject),
    unique (person_id, issuer)
) strict, without rowid;

-- Until when whoever has this session is an operator because the provider says so.
alter table sessions add column operator_until integer;

-- Who is asked into a list by the name of an account, whether or not there is one: `name_key` is that as it is compared. One that
-- was declined stays for who asked as it was.
create table list_invitations (
    list_id blob not null references lists (id),
    name_key text not null,
    name text not null,
    role text not null check (role in ('viewer', 'editor', 'owner')),
    made_by blob not null,
    made_at integer not null,
    declined_at integer,
    primary key (list_id, name_key)
) strict, without rowid;

create index list_invitations_by_name on list_invitations (name_key);

-- What somebody shows of themselves, as it was drawn anew here; `name` follows from it.
create table pictures (
    person_id blob primary key check (length(person_id) = 16) references persons (id),
    name text not null,
    png blob not null,
    made_at integer not null
) strict;
