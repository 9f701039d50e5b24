-- The schema of the durable inbox, version 1.
create table $schema.meta (
  name text primary key,
  value bigint not null);
insert into $schema.meta values ('schema', 1);

-- Fencing tokens. They come from a sequence and not from the rows of the keys, which are deleted and come back.
create sequence $schema.token;
-- Ids and keys of items that have none of their own.
create sequence $schema.anonymous;

-- The ids of all items, to recognize duplicates. `ended_at` is null while an item waits or is leased.
create table $schema.seen (
  queue text not null,
  id text not null,
  ended_at timestamptz,
  primary key (queue, id));
create index seen_ended on $schema.seen (queue, ended_at) where ended_at is not null;

-- One row for each ordering key with items. `due_at` is when the first item may be claimed, and while it is leased when the
-- lease ends. `token` is the fencing token of the lease, 0 if there is none.
create table $schema.key (
  queue text not null,
  key text not null,
  due_at timestamptz not null,
  token bigint not null default 0,
  primary key (queue, key)) with (fillfactor = 60);
create index key_due on $schema.key (queue, due_at);

create table $schema.item (
  sequence bigint generated always as identity primary key,
  queue text not null,
  key text not null,
  id text not null,
  kind text not null,
  received_at timestamptz not null,
  due_at timestamptz not null,
  attempts int not null default 0,
  last_error text,
  body bytea not null) with (fillfactor = 80);
create index item_key on $schema.item (queue, key, sequence);
create index item_id on $schema.item (queue, id);

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

-- Adds a batch, and returns for each item whether it is new. Durations are in seconds; `ahead` moves the clock, for tests.
--
-- The keys are locked in their order, so that two batches cannot wait for each other. A key is locked before the sequence
-- numbers of its items are drawn, so that within a key the order of the numbers is that of the commits; `where false` locks
-- a row that exists without writing it.
create function $schema.enqueue(
  q text, ids text[], keys text[], kinds text[], delays float8[], bodies bytea[], ahead float8)
returns boolean[] language plpgsql as $$
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
  fresh text[];
begin
  ids := array(select coalesce(i, '#' || nextval('$schema.anonymous')) from unnest(ids) with ordinality u(i, n) order by n);
  keys := array(select coalesce(k, '#' || nextval('$schema.anonymous')) from unnest(keys) with ordinality u(k, n) order by n);
  with added as (
    insert into $schema.seen (queue, id) select q, i from unnest(ids) i group by i order by i
    on conflict do nothing returning id)
  select coalesce(array_agg(id), '{}') into fresh from added;
  insert into $schema.key (queue, key, due_at)
    select q, k, t + make_interval(secs => (array_agg(d order by n))[1]) from unnest(ids, keys, delays) with ordinality u(i, k, d, n)
    where i = any(fresh) group by k order by k
    on conflict (queue, key) do update set due_at = excluded.due_at where false;
  insert into $schema.item (queue, key, id, kind, received_at, due_at, body)
    select q, k, i, kind, t, t + make_interval(secs => d), body from (
      select distinct on (i) * from unnest(ids, keys, kinds, delays, bodies) with ordinality u(i, k, kind, d, body, n)
      where i = any(fresh) order by i, n) once
    order by n;
  return array(
    select i = any(fresh) and n = min(n) over (partition by i) from unnest(ids) with ordinality u(i, n) order by n);
end $$;

-- Leases up to `n` keys whose first item is due, and returns these items. The time is a variable: with a volatile function in
-- its place no index would be used.
create function $schema.claim(q text, n bigint, span float8, ahead float8)
returns table (
  token bigint, sequence bigint, id text, key text, kind text, received_at timestamptz, attempts int, last_error text,
  body bytea, age float8)
language plpgsql as $$
#variable_conflict use_column
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
begin
  return query
  with due as materialized (
    select k.key from $schema.key k where k.queue = q and k.due_at <= t order by k.due_at limit n for update skip locked
  ), leased as (
    update $schema.key k set token = nextval('$schema.token'), due_at = t + make_interval(secs => span)
    from due where k.queue = q and k.key = due.key returning k.key, k.token
  )
  update $schema.item i set attempts = i.attempts + 1
  from leased cross join lateral (
    select f.sequence from $schema.item f where f.queue = q and f.key = leased.key order by f.sequence limit 1) first
  where i.sequence = first.sequence
  returning leased.token, i.sequence, i.id, i.key, i.kind, i.received_at, i.attempts, i.last_error, i.body,
    extract(epoch from t - i.received_at)::float8;
end $$;

-- Ends a lease: `what` is 1 to complete, 2 for a dead letter, 3 to retry, 4 to release. Returns false, and changes nothing,
-- if the lease is lost.
--
-- The key is locked in a statement of its own: the next one must see what was committed before the lock was granted, or an
-- item that was just added would never become due.
create function $schema.settle(
  q text, k text, lease bigint, s bigint, what int, delay float8, why text, ahead float8)
returns boolean language plpgsql as $$
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
  next_due timestamptz;
begin
  perform 1 from $schema.key x where x.queue = q and x.key = k and x.token = lease for update;
  if not found then
    return false;
  end if;
  if what = 3 then
    update $schema.item set due_at = t + make_interval(secs => delay), last_error = why where sequence = s;
  elsif what = 4 then
    update $schema.item set due_at = t + make_interval(secs => delay), attempts = greatest(attempts - 1, 0)
    where sequence = s;
  else
    with gone as (
      delete from $schema.item where sequence = s returning *
    ), buried as (
      insert into $schema.dead (sequence, queue, key, id, kind, received_at, died_at, attempts, last_error, body)
      select g.sequence, g.queue, g.key, g.id, g.kind, g.received_at, t, g.attempts, why, g.body
      from gone g where what = 2
    )
    update $schema.seen n set ended_at = t from gone where n.queue = q and n.id = gone.id;
  end if;
  select i.due_at into next_due from $schema.item i where i.queue = q and i.key = k order by i.sequence limit 1;
  if found then
    update $schema.key x set token = 0, due_at = next_due where x.queue = q and x.key = k;
  else
    delete from $schema.key x where x.queue = q and x.key = k;
  end if;
  return true;
end $$;

-- Moves a dead letter to the end of its key.
create function $schema.revive(q text, the_id text, ahead float8)
returns boolean language plpgsql as $$
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
  gone $schema.dead;
begin
  delete from $schema.dead d where d.queue = q and d.id = the_id returning * into gone;
  if not found then
    return false;
  end if;
  insert into $schema.key (queue, key, due_at) values (q, gone.key, t)
    on conflict (queue, key) do update set due_at = excluded.due_at where false;
  insert into $schema.item (queue, key, id, kind, received_at, due_at, body)
    values (q, gone.key, gone.id, gone.kind, gone.received_at, t, gone.body);
  update $schema.seen n set ended_at = null where n.queue = q and n.id = the_id;
  return true;
end $$;
