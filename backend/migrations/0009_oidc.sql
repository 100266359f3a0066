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
