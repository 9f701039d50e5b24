-- The tables of the durable store, version 1.
create table $schema.meta (
  name text primary key,
  value bigint not null);
insert into $schema.meta values ('schema', 1);

-- Fencing tokens, which are never used again.
create sequence $schema.token;
-- The numbers of items, by which those of a key are ordered.
create sequence $schema.item_sequence;

-- The ids of all items, to recognize duplicates. `ended_at` is null while an item waits or is leased.
create table $schema.seen (
  queue text not null,
  id text not null,
  key text not null,
  ended_at timestamptz,
  primary key (queue, id));
create index seen_ended on $schema.seen (queue, ended_at) where ended_at is not null;

-- One row for each ordering key with items. It is a lock: who adds an item to a key or takes one from it locks the row first.
--
-- Rows are deleted by sweeps only and hardly ever changed, because a long transaction anywhere in the database keeps each
-- version of a row, and every look-up would have to pass them. `first` is a lower bound of the sequence numbers of the key's
-- items, so that look-ups need not pass the entries of deleted items either.
create table $schema.key (
  queue text not null,
  key text not null,
  first bigint not null,
  primary key (queue, key)) with (fillfactor = 70);

-- `claim_at` is null for items that wait behind the first one of their key. For the first one it is when it may be claimed, and
-- while it is leased when the lease ends. `token` is the fencing token of the lease, 0 if there is none. An item that is `alone`
-- was added without a key; without an id or a key it gets `#` and its number.
create table $schema.item (
  queue text not null,
  key text not null,
  sequence bigint not null,
  id text not null,
  kind text not null,
  alone boolean not null,
  received_at timestamptz not null,
  due_at timestamptz not null,
  claim_at timestamptz,
  token bigint not null default 0,
  attempts int not null default 0,
  last_error text,
  body bytea not null,
  primary key (queue, key, sequence))
  with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
create index item_claim on $schema.item (queue, claim_at) where claim_at is not null;

create table $schema.dead (
  sequence bigint primary key,
  queue text not null,
  key text not null,
  id text not null,
  kind text not null,
  received_at timestamptz not null,
  died_at timestamptz not null,
  attempts int not null,
  last_error text,
  body bytea not null);
create unique index dead_id on $schema.dead (queue, id);

-- Items that were added by transactions of applications, until they are filed. There is no unique index, so that no transaction
-- ever waits for another.
create table $schema.staged (
  number bigint generated always as identity,
  queue text not null,
  id text,
  key text,
  kind text not null,
  delay float8 not null,
  staged_at timestamptz not null default clock_timestamp(),
  body bytea not null)
  with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
create index staged_number on $schema.staged (queue, number);

create table $schema.record (
  sequence bigint generated always as identity,
  queue text not null,
  id text not null,
  state text not null,
  version bigint not null,
  updated_at timestamptz not null,
  body bytea not null,
  primary key (queue, id));
create index record_sequence on $schema.record (queue, sequence);
create index record_state on $schema.record (queue, state, sequence);
create index record_updated on $schema.record (queue, updated_at);

-- When the next one is expected for each key of a pace: its theoretical arrival time.
create table $schema.pace (
  key text primary key,
  next_at timestamptz not null) with (fillfactor = 50);
