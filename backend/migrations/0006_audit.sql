-- What somebody may ask about later: who signed in, who let whom into a list, who was refused. No secret is in it. `actor`
-- did it, to `person`; `times` counts what happened alike in one moment. Rows go after 400 days.
create table audit (
    id integer primary key,
    at integer not null,
    kind text not null,
    actor blob check (length(actor) = 16),
    person blob check (length(person) = 16),
    list blob check (length(list) = 16),
    address text,
    detail text,
    times integer not null
) strict;
