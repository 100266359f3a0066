-- What is true now, what happened, and what each page has asked. Ids are the 16 bytes of a UUID; times are
-- milliseconds since 1970 UTC.
--
-- What belongs to somebody or to something goes with it: by a foreign key with `on delete cascade`. Every foreign key has an
-- index that begins with its column. Who once did something is a column without a foreign key: that outlives them.

-- One row. `head` and `at` are those of the newest log row or later; `oldest` is the last row that history no longer has, and `thinned`
-- the last one that was looked at for versions of a text that it need not have.
create table meta (
    one integer primary key check (one = 1),
    epoch text not null,
    head integer not null,
    at integer not null,
    oldest integer not null,
    wire integer not null,
    thinned integer not null default 0
) strict;

-- A guest who has not done anything has no row. The row of somebody whose account was deleted stays, without their name.
create table persons (
    id blob primary key check (length(id) = 16),
    name text not null,
    colour integer not null,
    version integer not null
) strict, without rowid;

-- Whose account was deleted. What they wrote where others are stays; who it was does not.
create table departed (
    person_id blob primary key check (length(person_id) = 16) references persons (id) on delete cascade,
    at integer not null
) strict, without rowid;

-- What is still to be erased of whose account was deleted, piece by piece, so that nobody waits for long: a list that went with them, their
-- name in the log of one that stays, and what the log says of themselves. Rows of the log from `after` to `until` are still to be looked
-- at. As long as a row is here nobody reads that name, and nobody comes into that list. No references: it outlives what it names.
create table erasures (
    id integer primary key,
    kind text not null check (kind in ('own', 'name', 'list')),
    person_id blob not null check (length(person_id) = 16),
    list_id blob check (length(list_id) = 16),
    after integer not null default 0,
    until integer not null
) strict;

create index erasures_by_list on erasures (list_id, person_id);

-- What somebody shows of themselves, as it was drawn anew here; `name` follows from it.
create table pictures (
    person_id blob primary key check (length(person_id) = 16) references persons (id) on delete cascade,
    name text not null,
    png blob not null,
    made_at integer not null
) strict;

-- `open` counts the tasks to do, so that the side of a page never counts ten thousand rows. `bytes` is how much text the list holds, with
-- its trash, and 100 for each task.
create table lists (
    id blob primary key check (length(id) = 16),
    name text not null,
    version integer not null,
    open integer not null,
    bytes integer not null
) strict, without rowid;

-- Share links, each with what it gives. Of its secret there is only the SHA-256, so that nobody who reads a copy of the
-- database can use one.
create table links (
    id blob primary key check (length(id) = 16),
    list_id blob not null references lists (id) on delete cascade,
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
    link_id blob not null references links (id) on delete cascade,
    person_id blob not null references persons (id) on delete cascade,
    at integer not null,
    primary key (link_id, person_id)
) strict, without rowid;

create index link_uses_by_person on link_uses (person_id);

-- `joined_seq` is the row that made this person a member: rows of the list up to there are not theirs to read. `link_id` is the link
-- by which a member is what they are; none for who made the list.
create table members (
    list_id blob not null references lists (id) on delete cascade,
    person_id blob not null references persons (id) on delete cascade,
    role text not null check (role in ('viewer', 'editor', 'owner')),
    joined_seq integer not null,
    link_id blob check (length(link_id) = 16) references links (id) on delete set null,
    primary key (list_id, person_id)
) strict, without rowid;

create index members_by_person on members (person_id);
create index members_by_link on members (link_id) where link_id is not null;

-- The most that somebody is to be in a list, since an owner removed them (then `role` is none) or gave them a lesser role: no link, no
-- editor's invitation and no invitation from before gives them more. An owner who does raises the limit. It stays when they leave.
create table role_limits (
    list_id blob not null references lists (id) on delete cascade,
    person_id blob not null references persons (id) on delete cascade,
    role text check (role in ('viewer', 'editor')),
    set_at integer not null,
    primary key (list_id, person_id)
) strict, without rowid;

create index role_limits_by_person on role_limits (person_id);

-- Who is asked into a list by the name of an account, whether or not there is one: `name_key` is that as it is compared. One that
-- was declined stays for who asked as it was.
create table list_invitations (
    list_id blob not null references lists (id) on delete cascade,
    name_key text not null,
    name text not null,
    role text not null check (role in ('viewer', 'editor', 'owner')),
    made_by blob not null references persons (id) on delete cascade,
    made_at integer not null,
    declined_at integer,
    primary key (list_id, name_key)
) strict, without rowid;

create index list_invitations_by_name on list_invitations (name_key);
create index list_invitations_by_maker on list_invitations (made_by);

-- From whom somebody wants to see no invitations: `muted` is a person, or sixteen zeros for all who have no account, since those are
-- somebody else each time.
create table invitation_mutes (
    person_id blob not null references persons (id) on delete cascade,
    muted blob not null check (length(muted) = 16),
    primary key (person_id, muted)
) strict, without rowid;

create index invitation_mutes_by_muted on invitation_mutes (muted);

-- Order keys compare as bytes, which is what `binary` does; no language's rules may enter.
create table tasks (
    id blob primary key check (length(id) = 16),
    list_id blob not null references lists (id) on delete cascade,
    title text not null,
    parent blob references tasks (id) on delete set null,
    order_key text not null collate binary,
    priority integer check (priority between 1 and 4),
    due text,
    due_time text,
    deadline text,
    start text,
    estimate integer check (estimate between 1 and 59940),
    repeat text,
    assignees text,
    labels text,
    section integer not null default 0 check (section in (0, 1)),
    added_by blob not null,
    added_at integer not null,
    done_by blob,
    done_at integer,
    deleted_by blob,
    deleted_at integer
) strict, without rowid;

create index tasks_by_order on tasks (list_id, order_key);
create index sections_by_list on tasks (list_id) where section = 1;
create index tasks_by_parent on tasks (parent) where parent is not null;

-- Apart from the tasks: deciding needs every task of a list but hardly ever a note.
create table notes (
    task_id blob primary key references tasks (id) on delete cascade,
    body text not null
) strict, without rowid;

-- One row is one command's effect on one topic. `changes` is the JSON of the wire, so that it is encoded once ever. The rows of a
-- list that is gone stay, since they are numbered; nothing is in them.
create table log (
    seq integer primary key,
    kind text not null check (kind in ('list', 'person')),
    topic blob not null,
    version integer not null,
    actor blob not null,
    client blob,
    command_seq integer,
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
    last_command_seq integer not null,
    seen_at integer not null
) strict, without rowid;

-- Commands up to `last_command_seq` that are not here were done.
create table refusals (
    client blob not null references clients (id) on delete cascade,
    command_seq integer not null,
    code text not null,
    primary key (client, command_seq)
) strict, without rowid;

-- Who has an account, and by which sessions they are signed in. A guest's session is their cookie and has no row; once they have an
-- account that cookie is in `ended_sessions`.

-- `name_key` is the name as it is compared, `name_skeleton` what it looks like. `password` is what Argon2 made of it, in the PHC format, none where there is another
-- way in. `first_list` is what they began with as a guest, wherever it is now. `last_seen_at` is when the account was last used, of
-- the sessions that are over. `credentials` is the version of what opens the account; the triggers below raise it.
create table accounts (
    person_id blob primary key check (length(person_id) = 16) references persons (id) on delete cascade,
    name text not null,
    name_key text not null unique,
    name_skeleton text not null,
    password text,
    first_list blob not null check (length(first_list) = 16),
    made_at integer not null,
    suspended_at integer,
    last_seen_at integer,
    credentials integer not null default 0
) strict, without rowid;

create index accounts_by_skeleton on accounts (name_skeleton);

-- `id` is no secret; `token` is the SHA-256 of one. `seen_at` is true to an hour. Until `operator_until` whoever has this session is
-- an operator because the provider says so.
create table sessions (
    id blob primary key check (length(id) = 16),
    token blob not null unique check (length(token) = 32),
    person_id blob not null references accounts (person_id) on delete cascade,
    made_at integer not null,
    seen_at integer not null,
    agent text not null,
    place text not null,
    method text not null,
    operator_until integer
) strict, without rowid;

create index sessions_by_person on sessions (person_id);

-- Sessions of guests that are over, by the person that followed from the cookie: nobody gets in with it any more. No reference to
-- `persons`, since a guest who did nothing may end theirs too.
create table ended_sessions (
    person_id blob primary key check (length(person_id) = 16),
    at integer not null
) strict, without rowid;

-- What proves who somebody is besides a password. `secret` is what an authenticator app and the server share, as it is: whoever has a
-- copy of the database has half of what it takes. `last_step` is the last time step (RFC 6238) whose code was taken, so that none is
-- taken twice. `wrong` counts wrong codes since the last right one, and until `closed_until` no code is looked at; of `unseen` wrong
-- ones their owner is told, with when and where the last was given.
create table totp (
    person_id blob primary key check (length(person_id) = 16) references accounts (person_id) on delete cascade,
    secret blob not null check (length(secret) = 20),
    made_at integer not null,
    last_step integer not null,
    wrong integer not null default 0,
    closed_until integer,
    unseen integer not null default 0,
    wrong_at integer,
    wrong_place text
) strict, without rowid;

-- Ten at a time. `hash` is Argon2id of the code with the person's `salt`.
create table recovery_codes (
    person_id blob not null references accounts (person_id) on delete cascade,
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
    person_id blob not null references accounts (person_id) on delete cascade,
    credential blob not null unique,
    host text not null,
    key blob not null,
    state blob not null check (length(state) = 7),
    name text not null,
    made_at integer not null,
    used_at integer
) strict, without rowid;

create index passkeys_by_person on passkeys (person_id, made_at);

-- Who signs in through a provider of OpenID Connect: `subject` is what that calls them for ever, `name` what it calls them now.
create table oidc_identities (
    issuer text not null,
    subject text not null,
    person_id blob not null references accounts (person_id) on delete cascade,
    name text not null,
    made_at integer not null,
    primary key (issuer, subject),
    unique (person_id, issuer)
) strict, without rowid;

-- What opens an account has a version, and whatever changes there raises it: a sign-in counts only while what it has verified is still
-- that version. These are triggers so that no statement can forget it.
create trigger credentials_after_account after update of password, suspended_at on accounts begin
    update accounts set credentials = credentials + 1 where person_id = new.person_id;
end;

create trigger credentials_with_totp after insert on totp begin
    update accounts set credentials = credentials + 1 where person_id = new.person_id;
end;

create trigger credentials_after_totp after update of secret on totp begin
    update accounts set credentials = credentials + 1 where person_id = new.person_id;
end;

create trigger credentials_without_totp after delete on totp begin
    update accounts set credentials = credentials + 1 where person_id = old.person_id;
end;

create trigger credentials_with_passkeys after insert on passkeys begin
    update accounts set credentials = credentials + 1 where person_id = new.person_id;
end;

create trigger credentials_after_passkeys after update of key on passkeys begin
    update accounts set credentials = credentials + 1 where person_id = new.person_id;
end;

create trigger credentials_without_passkeys after delete on passkeys begin
    update accounts set credentials = credentials + 1 where person_id = old.person_id;
end;

create trigger credentials_with_recovery_codes after insert on recovery_codes begin
    update accounts set credentials = credentials + 1 where person_id = new.person_id;
end;

create trigger credentials_after_recovery_codes after update of hash on recovery_codes begin
    update accounts set credentials = credentials + 1 where person_id = new.person_id;
end;

create trigger credentials_without_recovery_codes after delete on recovery_codes begin
    update accounts set credentials = credentials + 1 where person_id = old.person_id;
end;

create trigger credentials_with_oidc_identities after insert on oidc_identities begin
    update accounts set credentials = credentials + 1 where person_id = new.person_id;
end;

create trigger credentials_after_oidc_identities after update of subject on oidc_identities begin
    update accounts set credentials = credentials + 1 where person_id = new.person_id;
end;

create trigger credentials_without_oidc_identities after delete on oidc_identities begin
    update accounts set credentials = credentials + 1 where person_id = old.person_id;
end;

-- What lets somebody choose a new password, once. Of its code there is only the SHA-256.
create table password_resets (
    person_id blob primary key check (length(person_id) = 16) references accounts (person_id) on delete cascade,
    secret blob not null unique check (length(secret) = 32),
    made_at integer not null,
    expires_at integer not null
) strict, without rowid;

-- Who runs this server, and the code by which somebody becomes that. One row. The code is kept as its SHA-256, so that
-- nobody who reads a copy of the database can use it; once used it is gone. No reference to `persons`, since a guest who did
-- nothing may give the code.
create table operator (
    one integer primary key check (one = 1),
    person_id blob check (length(person_id) = 16),
    since integer,
    code blob check (length(code) = 32)
) strict;

insert into operator (one) values (1);

-- Who may make an account, and whether there are guests. One row. None: as it is unless somebody chooses.
create table settings (
    one integer primary key check (one = 1),
    sign_up text,
    guests text
) strict;

insert into settings (one) values (1);

-- What lets somebody make an account. Of its code there is only the SHA-256. `made_by` is none for the shell's, and of who left; no
-- reference to `persons`, as with the operator.
create table signup_codes (
    id integer primary key,
    secret blob not null unique check (length(secret) = 32),
    made_by blob check (length(made_by) = 16),
    made_at integer not null,
    expires_at integer,
    most_uses integer,
    uses integer not null default 0,
    revoked_at integer
) strict;

-- What the shell asks of a server that runs, and what came of it. No secret is in either. Rows go when they are answered.
create table cli_commands (
    id integer primary key,
    at integer not null,
    asked text not null,
    answer text
) strict;

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
