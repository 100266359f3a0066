-- Who runs this server, and the code by which somebody becomes that. One row. The code is kept as its SHA-256, so that
-- nobody who reads a copy of the database can use it; once used it is gone.
create table operator (
    one integer primary key check (one = 1),
    person_id blob check (length(person_id) = 16),
    since integer,
    code blob check (length(code) = 32)
) strict;

insert into operator (one) values (1);
