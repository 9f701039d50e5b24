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
  has_id boolean := i is not null;
  lowest bigint;
  number bigint;
begin
  if alone then
    number := nextval('$schema.item_sequence');
    k := '#' || number;
  end if;
  if has_id then
    insert into $schema.seen (queue, id, key) values (q, i, k) on conflict do nothing;
    if not found then
      return false;
    end if;
  end if;
  if not alone then
    select x.first into lowest from $schema.key x where x.queue = q and x.key = k for update;
    if not found then
      insert into $schema.key (queue, key, first) values (q, k, coalesce(pg_sequence_last_value('$schema.item_sequence'), 0) + 1)
      on conflict (queue, key) do update set first = excluded.first where false;
      select x.first into lowest from $schema.key x where x.queue = q and x.key = k;
    end if;
    number := nextval('$schema.item_sequence');
  end if;
  if not has_id then
    i := '#' || number;
    insert into $schema.seen (queue, id, key) values (q, i, k) on conflict do nothing;
  end if;
  insert into $schema.item (queue, key, sequence, id, kind, alone, received_at, due_at, claim_at, body)
    values (q, k, number, i, kind, alone, t, due, case when alone or not exists (
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
  numbers bigint[];
  fresh text[];
begin
  numbers := array(
    select case when k is null then nextval('$schema.item_sequence') end from unnest(keys) with ordinality u(k, n) order by n);
  keys := array(select coalesce(k, '#' || number) from unnest(keys, numbers) with ordinality u(k, number, n) order by n);
  with added as (
    insert into $schema.seen (queue, id, key)
    select distinct on (i) q, i, k from unnest(ids, keys) with ordinality u(i, k, n) where i is not null order by i, n
    on conflict do nothing returning id)
  select coalesce(array_agg(id), '{}') into fresh from added;
  insert into $schema.key (queue, key, first)
    select distinct q, k, base + 1 from unnest(ids, keys, numbers) u(i, k, number)
    where (i is null or i = any(fresh)) and number is null order by k
    on conflict (queue, key) do update set first = excluded.first where false;
  with added as (
    insert into $schema.item (queue, key, sequence, id, kind, alone, received_at, due_at, claim_at, body)
    select q, k, drawn, coalesce(i, '#' || drawn), kind, number is not null, t, t + make_interval(secs => d),
      case when place = 1 and (number is not null or not exists (
        select from $schema.item o where o.queue = q and o.key = k and o.sequence >= (
          select x.first from $schema.key x where x.queue = q and x.key = k))) then t + make_interval(secs => d) end,
      body
    from (
      select *, coalesce(number, nextval('$schema.item_sequence')) drawn from (
        select *, row_number() over (partition by k order by n) place from (
          select *, row_number() over (partition by i order by n) copy
          from unnest(ids, keys, numbers, kinds, delays, bodies) with ordinality u(i, k, number, kind, d, body, n)
          where i is null or i = any(fresh)) once
        where i is null or copy = 1 order by n) placed
      ) numbered
    returning id, key, sequence)
  insert into $schema.seen (queue, id, key) select q, id, key from added where id = '#' || sequence on conflict do nothing;
  return array(
    select i is null or i = any(fresh) and n = min(n) over (partition by i) from unnest(ids) with ordinality u(i, n) order by n);
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
    delete from $schema.staged where queue = q and number > after and number <= (
      select max(number) from (
        select number from $schema.staged where queue = q and number > after order by number limit 256) next)
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
  insert into $schema.item (queue, key, sequence, id, kind, alone, received_at, due_at, claim_at, last_error, body)
  select q, gone.key, nextval('$schema.item_sequence'), gone.id, gone.kind, false, gone.received_at, t,
    case when not exists (
      select from $schema.item o where o.queue = q and o.key = gone.key and o.sequence >= (
        select x.first from $schema.key x where x.queue = q and x.key = gone.key)) then t end,
    gone.last_error, gone.body;
  update $schema.seen n set ended_at = null where n.queue = q and n.id = the_id;
  return true;
end $$;
