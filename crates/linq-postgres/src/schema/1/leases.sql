-- Leases: claiming items, and what becomes of them.

-- Files what applications added if `files` is true, leases up to `n` keys whose first item is due, and returns these items: one
-- row for each, and one row without an item if there are none.
--
-- While a transaction is open for long anywhere in the database, the entries of deleted items stay in the indexes, and a scan from
-- the start has to pass all of them. So the caller hands in again what the last call returned: where to start scanning (`since`
-- and `after`), and until when (`whole_at`). After that time, or without it, everything is scanned. It is set only if that was
-- slow, and far enough ahead that such scans take a twentieth of the time. The start is a moment before what was found, for
-- transactions that take time to commit.
--
-- A transaction that has settled before must not file: it holds locks of keys, and filing waits for others.
create function $schema.claim(
  q text, n bigint, span float8, since timestamptz, after bigint, whole_at timestamptz, files boolean, ahead float8)
returns table (
  next_since timestamptz, next_after bigint, next_whole_at timestamptz, token bigint, sequence bigint, id text, key text,
  kind text, received_at timestamptz, attempts int, last_error text, body bytea, age float8)
language plpgsql $settings as $$
#variable_conflict use_column
declare
  started timestamptz := clock_timestamp();
  t timestamptz := started + make_interval(secs => ahead);
  is_whole boolean := whole_at is null or started >= whole_at;
  filed bigint;
  rows tid[];
  keys text[];
  earliest timestamptz;
  took interval;
begin
  if n = 0 then
    next_since := since;
    next_after := after;
    next_whole_at := whole_at;
    return next;
    return;
  end if;
  if is_whole then
    since := '-infinity';
    after := 0;
  end if;
  if files then
    filed := $schema.file(q, after, ahead);
  end if;
  if filed > after then
    after := filed;
    started := clock_timestamp();
    t := started + make_interval(secs => ahead);
  end if;
  select array_agg(d.row order by d.claim_at, d.key), array_agg(d.key order by d.claim_at, d.key), min(d.claim_at)
  into rows, keys, earliest from (
    select i.ctid as row, i.key, i.claim_at from $schema.item i where i.queue = q and i.claim_at >= since and i.claim_at <= t
    order by i.claim_at, i.key limit n for update skip locked) d;
  took := clock_timestamp() - started;
  since := coalesce(earliest, t) - interval '200 milliseconds';
  if is_whole then
    whole_at := case when took > interval '2 milliseconds' then clock_timestamp() + 20 * took end;
  end if;
  next_since := since;
  next_after := after;
  next_whole_at := whole_at;
  if rows is null then
    return next;
    return;
  end if;
  return query
    with claimed as (
      update $schema.item i
      set attempts = i.attempts + 1, token = nextval('$schema.token'), claim_at = t + make_interval(secs => span)
      where i.ctid = any(rows) returning i.*)
    select next_since, next_after, next_whole_at, c.token, c.sequence, c.id, c.key, c.kind, c.received_at, c.attempts,
      c.last_error, c.body, extract(epoch from t - c.received_at)::float8
    from claimed c order by array_position(keys, c.key);
end $$;

-- Extends leases, and returns for each whether it is held. The items are locked in the order of their numbers, like in `settle`, so
-- that two batches cannot wait for each other.
create function $schema.extend(q text, keys text[], sequences bigint[], tokens bigint[], spans float8[], ahead float8)
returns boolean[] language plpgsql $settings as $$
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
  held boolean[] := array_fill(false, array[cardinality(keys)]);
  n int;
begin
  for n in select u.n from unnest(sequences) with ordinality u(s, n) order by u.s loop
    update $schema.item i set claim_at = t + make_interval(secs => spans[n])
    where i.queue = q and i.key = keys[n] and i.sequence = sequences[n] and i.token = tokens[n];
    held[n] := found;
  end loop;
  return held;
end $$;

-- Counts an attempt of up to `n` items behind the first one, if its lease is held, and returns them: those that were attempted
-- with it, if it was attempted before.
create function $schema.gather(q text, k text, lease bigint, s bigint, n bigint)
returns setof $schema.item language plpgsql $settings as $$
declare
  tries int;
  behind $schema.item;
begin
  select i.attempts into tries from $schema.item i
  where i.queue = q and i.key = k and i.sequence = s and i.token = lease and not i.alone for update;
  if not found then
    return;
  end if;
  for behind in
    select * from $schema.item i where i.queue = q and i.key = k and i.sequence > s order by i.sequence limit n
  loop
    exit when tries > 1 and behind.attempts = 0;
    update $schema.item i set attempts = i.attempts + 1 where i.queue = q and i.key = k and i.sequence = behind.sequence
    returning * into behind;
    return next behind;
  end loop;
end $$;

-- Ends leases: `what` is 1 to complete, 2 for dead letters, 3 to retry, 4 to put back. Returns for each whether it was held;
-- if not, nothing changes. `earliest` is the time when the first of the next items may be claimed.
--
-- The keys are locked, in their order, in a statement of its own: the next ones must see what was committed before the locks
-- were granted, or an item that was just added would never become due.
create function $schema.settle(
  q text, keys text[], tokens bigint[], firsts bigint[], lasts bigint[], whats int[], delays float8[], whys text[], ahead float8,
  out held boolean[], out earliest timestamptz)
language plpgsql $settings as $$
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
  settled int[];
  n int;
  ended int[];
  ids text[];
begin
  perform from $schema.key x where x.queue = q and x.key = any(keys) order by x.key for update;
  select coalesce(array_agg(i.n), '{}') into settled from (
    select * from unnest(keys, tokens, firsts) with ordinality u(k, token, first, n) order by u.first, u.n) u
  cross join lateral (
    select u.n from $schema.item i where i.queue = q and i.key = u.k and i.sequence = u.first and i.token = u.token
    limit 1 for update) i;
  held := array(select u.n = any(settled) from generate_subscripts(keys, 1) u(n) order by u.n);
  foreach n in array settled loop
    if whats[n] > 2 then
      update $schema.item i set
        token = 0,
        due_at = t + make_interval(secs => delays[n]),
        claim_at = case when i.sequence = firsts[n] then t + make_interval(secs => delays[n]) end,
        last_error = case whats[n] when 3 then whys[n] else i.last_error end,
        attempts = case whats[n] when 3 then i.attempts else greatest(i.attempts - 1, 0) end
      where i.queue = q and i.key = keys[n] and i.sequence between firsts[n] and lasts[n];
      continue;
    end if;
    ended := ended || n;
    if whats[n] = 2 then
      insert into $schema.dead (sequence, queue, key, id, kind, received_at, died_at, attempts, last_error, body)
      select i.sequence, i.queue, i.key, i.id, i.kind, i.received_at, t, i.attempts, whys[n], i.body from $schema.item i
      where i.queue = q and i.key = keys[n] and i.sequence between firsts[n] and lasts[n];
    end if;
    -- Only now and then: each change leaves a version of the row behind.
    if lasts[n] % 8 = 0 then
      update $schema.key x set first = lasts[n] + 1 where x.queue = q and x.key = keys[n];
    end if;
  end loop;
  if ended is null then
    return;
  end if;
  with done as (
    delete from $schema.item where ctid = any(array(
      select i.ctid from unnest(ended) u(n) cross join lateral (
        select ctid from $schema.item i where i.queue = q and i.key = keys[u.n] and i.sequence between firsts[u.n] and lasts[u.n]
        offset 0) i))
    returning id)
  select array_agg(id) into ids from done;
  update $schema.seen s set ended_at = t where s.queue = q and s.id = any(ids);
  with next as (
    update $schema.item set claim_at = due_at where ctid = any(array(
      select i.ctid from unnest(ended) u(n) cross join lateral (
        select ctid from $schema.item i where i.queue = q and i.key = keys[u.n] and i.sequence > lasts[u.n]
        order by i.sequence limit 1) i))
    returning claim_at)
  select min(claim_at) into earliest from next;
end $$;

-- Returns how long it is until an item may be claimed, null if there is none. See `claim` for where the scan starts.
create function $schema.until_due(q text, since timestamptz, after bigint, whole_at timestamptz, ahead float8)
returns float8 language plpgsql $settings as $$
declare
  t timestamptz := clock_timestamp();
begin
  if whole_at is null or t >= whole_at then
    since := '-infinity';
    after := 0;
  end if;
  if exists (select from $schema.staged s where s.queue = q and s.number > after) then
    return 0;
  end if;
  return extract(epoch from min(i.claim_at) - t) - ahead from $schema.item i where i.queue = q and i.claim_at >= since;
end $$;
