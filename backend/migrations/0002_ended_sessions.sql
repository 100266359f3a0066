-- Sessions that are over, by the person that followed from the cookie: nobody gets in with it any more.
create table ended_sessions (
    person_id blob primary key check (length(person_id) = 16),
    at integer not null
) strict, without rowid;
