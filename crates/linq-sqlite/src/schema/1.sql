-- The schema of the durable inbox, version 1. All times are microseconds since 1970.
create table linq_meta (
  name text primary key,
  value integer not null
) strict, without rowid;
insert into linq_meta values ('schema', 1), ('token', 0);

-- The ids of all items, to recognize duplicates. `ended_at` is null while an item waits or is leased.
create table linq_seen (
  queue text not null,
  id text not null,
  ended_at integer,
  primary key (queue, id)
) strict, without rowid;
create index linq_seen_ended on linq_seen (queue, ended_at) where ended_at is not null;

-- One row for each ordering key with items. `due_at` is when the first item may be claimed, and while it is leased when the
-- lease ends. `token` is the fencing token of the lease, 0 if there is none.
create table linq_key (
  queue text not null,
  key text not null,
  due_at integer not null,
  token integer not null,
  primary key (queue, key)
) strict, without rowid;
create index linq_key_due on linq_key (queue, due_at, key);

create table linq_item (
  sequence integer primary key autoincrement,
  queue text not null,
  key text not null,
  id text not null,
  kind text not null,
  received_at integer not null,
  due_at integer not null,
  attempts integer not null default 0,
  last_error text,
  body blob not null
) strict;
create index linq_item_key on linq_item (queue, key, sequence);
create index linq_item_id on linq_item (queue, id);

create table linq_dead (
  sequence integer primary key,
  queue text not null,
  key text not null,
  id text not null,
  kind text not null,
  received_at integer not null,
  died_at integer not null,
  attempts integer not null,
  last_error text,
  body blob not null
) strict;
create unique index linq_dead_id on linq_dead (queue, id);

create table linq_record (
  sequence integer primary key autoincrement,
  queue text not null,
  id text not null,
  state text not null,
  version integer not null default 1,
  updated_at integer not null,
  body blob not null
) strict;
create unique index linq_record_id on linq_record (queue, id);
create index linq_record_state on linq_record (queue, state, sequence);
create index linq_record_updated on linq_record (queue, updated_at);

-- For each key of a limit, the theoretical arrival time of the next one.
create table linq_pace (
  key text primary key,
  next_at integer not null
) strict, without rowid;
