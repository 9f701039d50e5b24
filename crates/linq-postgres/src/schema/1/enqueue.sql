-- Adding items. Durations are in seconds; `ahead` moves the clock, for tests.

-- Adds an item, and returns whether it is new.
--
-- A key is locked before the sequence numbers of its items are drawn, so that within a key the order of the numbers is that of
-- the commits; `where false` locks a row that exists without writing it.
create function $schema.enqueue_one(q text, i text, k text, kind text, delay float8, body bytea, ahead float8)
returns boolean language plpgsql $settings as $$
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
  due timestamptz := t + make_interval(secs => delay);
  alone boolean := k is null;
  lowest bigint;
begin
  i := coalesce(i, '#' || nextval('$schema.anonymous'));
  k := coalesce(k, '#' || nextval('$schema.anonymous'));
  insert into $schema.seen (queue, id, key) values (q, i, k) on conflict do nothing;
  if not found then
    return false;
  end if;
  if not alone then
    select x.first into lowest from $schema.key x where x.queue = q and x.key = k for update;
    if not found then
      insert into $schema.key (queue, key, first) values (q, k, coalesce(pg_sequence_last_value('$schema.item_sequence'), 0) + 1)
      on conflict (queue, key) do update set first = excluded.first where false;
      select x.first into lowest from $schema.key x where x.queue = q and x.key = k;
    end if;
  end if;
  insert into $schema.item (queue, key, id, kind, alone, received_at, due_at, claim_at, body)
    values (q, k, i, kind, alone, t, due, case when alone or not exists (
      select from $schema.item o where o.queue = q and o.key = k and o.sequence >= lowest) then due end, body);
  return true;
end $$;

-- Adds a batch, and returns for each item whether it is new. Ids and then keys are locked in their order, so that two batches
-- cannot wait for each other.
create function $schema.enqueue(
  q text, ids text[], keys text[], kinds text[], delays float8[], bodies bytea[], ahead float8)
returns boolean[] language plpgsql $settings as $$
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
  base bigint := coalesce(pg_sequence_last_value('$schema.item_sequence'), 0);
  alone boolean[];
  fresh text[];
begin
  if cardinality(ids) = 1 then
    return array[$schema.enqueue_one(q, ids[1], keys[1], kinds[1], delays[1], bodies[1], ahead)];
  end if;
  alone := array(select k is null from unnest(keys) with ordinality u(k, n) order by n);
  ids := array(select coalesce(i, '#' || nextval('$schema.anonymous')) from unnest(ids) with ordinality u(i, n) order by n);
  keys := array(select coalesce(k, '#' || nextval('$schema.anonymous')) from unnest(keys) with ordinality u(k, n) order by n);
  with added as (
    insert into $schema.seen (queue, id, key)
    select distinct on (i) q, i, k from unnest(ids, keys) with ordinality u(i, k, n) order by i, n
    on conflict do nothing returning id)
  select array_agg(id) into fresh from added;
  if fresh is null then
    return array_fill(false, array[cardinality(ids)]);
  end if;
  insert into $schema.key (queue, key, first)
    select q, k, base + 1 from unnest(ids, keys, alone) u(i, k, a) where i = any(fresh) and not a group by k order by k
    on conflict (queue, key) do update set first = excluded.first where false;
  insert into $schema.item (queue, key, id, kind, alone, received_at, due_at, claim_at, body)
    select q, k, i, kind, a, t, t + make_interval(secs => d),
      case when place = 1 and (a or not exists (
        select from $schema.key x join $schema.item o on o.queue = q and o.key = k and o.sequence >= x.first
        where x.queue = q and x.key = k)) then t + make_interval(secs => d) end,
      body
    from (
      select *, row_number() over (partition by k order by n) place from (
        select distinct on (i) * from unnest(ids, keys, kinds, alone, delays, bodies) with ordinality u(i, k, kind, a, d, body, n)
        where i = any(fresh) order by i, n) once
    ) placed
    order by n;
  return array(
    select i = any(fresh) and n = min(n) over (partition by i) from unnest(ids) with ordinality u(i, n) order by n);
end $$;

-- Adds an item in the transaction of an application. The item is a JSON object: `queue` and `kind`, and optionally `id`, `key`,
-- `delay_seconds`, and the content as text in `body` or in hexadecimal digits in `body_hex`.
--
-- It is filed, and duplicates are dropped, after the transaction was committed. What could not be filed is refused here.
create function $schema.add(item text) returns void language plpgsql as $$
declare
  i jsonb := item::jsonb;
begin
  if i ->> 'queue' is null or i ->> 'kind' is null then
    raise invalid_parameter_value using message = 'invalid item: missing "queue" or "kind"';
  end if;
  insert into $schema.staged (queue, id, key, kind, delay, body) values (
    i ->> 'queue', i ->> 'id', i ->> 'key', i ->> 'kind',
    least(greatest(coalesce((i ->> 'delay_seconds')::float8, 0), 0), 3e9),
    coalesce(decode(i ->> 'body_hex', 'hex'), convert_to(i ->> 'body', 'UTF8'), ''));
end $$;

-- Adds committed items of applications with a number above `after` to the queue, in the order of their numbers. One process does
-- so at a time, so that the order is kept. Returns the number of the last one.
create function $schema.file(q text, after bigint, ahead float8)
returns bigint language plpgsql $settings as $$
declare
  ids text[];
  keys text[];
  kinds text[];
  delays float8[];
  bodies bytea[];
  last bigint;
begin
  if not exists (select from $schema.staged where queue = q and number > after)
    or not pg_try_advisory_xact_lock(hashtext('linq-postgres file $schema'), hashtext(q)) then
    return after;
  end if;
  with filed as (
    delete from $schema.staged where queue = q and number in (
      select number from $schema.staged where queue = q and number > after order by number limit 256)
    returning *)
  select array_agg(id order by number), array_agg(key order by number), array_agg(kind order by number),
    array_agg(greatest(delay - extract(epoch from clock_timestamp() - staged_at), 0) order by number),
    array_agg(body order by number), max(number)
  into ids, keys, kinds, delays, bodies, last from filed;
  if last is null then
    return after;
  end if;
  perform $schema.enqueue(q, ids, keys, kinds, delays, bodies, ahead);
  return last;
end $$;

-- Moves a dead letter to the end of its key.
create function $schema.revive(q text, the_id text, ahead float8)
returns boolean language plpgsql $settings as $$
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
  base bigint := coalesce(pg_sequence_last_value('$schema.item_sequence'), 0);
  gone $schema.dead;
begin
  delete from $schema.dead d where d.queue = q and d.id = the_id returning * into gone;
  if not found then
    return false;
  end if;
  insert into $schema.key (queue, key, first) values (q, gone.key, base + 1)
    on conflict (queue, key) do update set first = excluded.first where false;
  insert into $schema.item (queue, key, id, kind, alone, received_at, due_at, claim_at, last_error, body)
  select q, gone.key, gone.id, gone.kind, false, gone.received_at, t,
    case when not exists (
      select from $schema.key x join $schema.item o on o.queue = q and o.key = gone.key and o.sequence >= x.first
      where x.queue = q and x.key = gone.key) then t end,
    gone.last_error, gone.body;
  update $schema.seen n set ended_at = null where n.queue = q and n.id = the_id;
  return true;
end $$;
