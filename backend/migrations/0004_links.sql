-- Share links, each with what it gives. Of its secret there is only the SHA-256, so that nobody who reads a copy of the
-- database can use one. Links made before (a proof of the list's id) end here: there is no saying who came by which.
create table links (
    id blob primary key check (length(id) = 16),
    list_id blob not null references lists (id),
    role text not null check (role in ('viewer', 'editor')),
    secret blob not null unique check (length(secret) = 32),
    made_by blob not null,
    made_at integer not null,
    expires_at integer,
    most_uses integer,
    uses integer not null default 0,
    revoked_at integer
) strict, without rowid;

create index links_by_list on links (list_id, made_at);

-- Who was let in by which link, ever: whoever leaves and comes back is counted once.
create table link_uses (
    link_id blob not null references links (id),
    person_id blob not null,
    at integer not null,
    primary key (link_id, person_id)
) strict, without rowid;

-- By which link a member is what they are; none for who made the list. A reference would want an index of its own, or
-- each new link would read all members.
alter table members add column link_id blob check (length(link_id) = 16);

alter table lists drop column generation;
alter table meta drop column link_key;
