-- Leases: claiming items, and what becomes of them.

-- Files what applications added, leases up to `n` keys whose first item is due, and returns these items: one row for each, and
-- one row without an item if there are none.
--
-- While a transaction is open for long anywhere in the database, the entries of deleted items stay in the indexes, and a scan from
-- the start has to pass all of them. So the caller hands in again what the last call returned: where to start scanning (`since`
-- and `after`), and until when (`whole_at`). After that time, or without it, everything is scanned. It is set only if that was
-- slow, and far enough ahead that such scans take a twentieth of the time. The start is a moment before what was found, for
-- transactions that take time to commit.
create function $schema.claim(
  q text, n bigint, span float8, since timestamptz, after bigint, whole_at timestamptz, ahead float8)
returns table (
  next_since timestamptz, next_after bigint, next_whole_at timestamptz, place bigint, token bigint, sequence bigint, id text, key text,
  kind text, received_at timestamptz, attempts int, last_error text, body bytea, age float8)
language plpgsql $settings as $$
#variable_conflict use_column
declare
  started timestamptz := clock_timestamp();
  t timestamptz := started + make_interval(secs => ahead);
  is_whole boolean := whole_at is null or started >= whole_at;
  filed bigint;
  keys text[];
  sequences bigint[];
  earliest timestamptz;
  took interval;
begin
  if is_whole then
    since := '-infinity';
    after := 0;
  end if;
  filed := $schema.file(q, after, ahead);
  if filed > after then
    after := filed;
    started := clock_timestamp();
    t := started + make_interval(secs => ahead);
  end if;
  select array_agg(d.key order by d.claim_at, d.key), array_agg(d.sequence order by d.claim_at, d.key), min(d.claim_at)
  into keys, sequences, earliest from (
    select i.key, i.sequence, i.claim_at from $schema.item i where i.queue = q and i.claim_at >= since and i.claim_at <= t
    order by i.claim_at limit n for update skip locked) d;
  took := clock_timestamp() - started;
  since := coalesce(earliest, t) - interval '200 milliseconds';
  if is_whole then
    whole_at := case when took > interval '1 millisecond' then clock_timestamp() + 20 * took end;
  end if;
  if keys is null then
    return query select since, after, whole_at, null::bigint, null::bigint, null::bigint, null, null, null, null::timestamptz,
      null::int, null, null::bytea, null::float8;
    return;
  end if;
  -- A statement of its own, which sees what was committed before the locks were granted.
  return query
  with claimed as (
    update $schema.item i
    set attempts = i.attempts + 1, token = nextval('$schema.token'), claim_at = t + make_interval(secs => span)
    from unnest(keys, sequences) with ordinality u(k, s, place) where i.queue = q and i.key = u.k and i.sequence = u.s
    returning u.place, i.*)
  select since, after, whole_at, c.place, c.token, c.sequence, c.id, c.key, c.kind, c.received_at, c.attempts, c.last_error, c.body,
    extract(epoch from t - c.received_at)::float8
  from claimed c order by c.place;
end $$;

-- Extends leases, and returns for each whether it is held.
create function $schema.extend(q text, keys text[], sequences bigint[], tokens bigint[], spans float8[], ahead float8)
returns boolean[] language plpgsql $settings as $$
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
  held bigint[];
begin
  perform from $schema.item i join unnest(keys, sequences, tokens) u(k, s, l)
    on i.queue = q and i.key = u.k and i.sequence = u.s and i.token = u.l order by i.sequence for update of i;
  with extended as (
    update $schema.item i set claim_at = t + make_interval(secs => u.span) from unnest(keys, sequences, tokens, spans) u(k, s, l, span)
    where i.queue = q and i.key = u.k and i.sequence = u.s and i.token = u.l returning i.token)
  select coalesce(array_agg(token), '{}') into held from extended;
  return array(select l = any(held) from unnest(tokens) with ordinality u(l, n) order by n);
end $$;

-- Counts an attempt of up to `n` items behind the first one, if its lease is held, and returns them: those that were attempted
-- with it, if it was attempted before.
create function $schema.gather(q text, k text, lease bigint, s bigint, n bigint)
returns setof $schema.item language plpgsql $settings as $$
declare
  tries int;
begin
  select i.attempts into tries from $schema.item i
  where i.queue = q and i.key = k and i.sequence = s and i.token = lease and not i.alone for update;
  if not found then
    return;
  end if;
  return query
  with behind as (
    select i.sequence, bool_and(tries <= 1 or i.attempts > 0) over (order by i.sequence) as belongs
    from $schema.item i where i.queue = q and i.key = k and i.sequence > s order by i.sequence limit n
  ), gathered as (
    update $schema.item i set attempts = i.attempts + 1 from behind b
    where i.queue = q and i.key = k and i.sequence = b.sequence and b.belongs returning i.*)
  select * from gathered g order by g.sequence;
end $$;

-- Ends leases: `what` is 1 to complete, 2 for dead letters, 3 to retry, 4 to put back. Returns for each whether it was held;
-- if not, nothing changes. `earliest` is the time when the first of the next items may be claimed.
--
-- The keys are locked, in their order, in a statement of its own: the next ones must see what was committed before the locks were
-- granted, or an item that was just added would never become due. Then the first items are locked, which claims change.
create function $schema.settle(
  q text, keys text[], tokens bigint[], firsts bigint[], lasts bigint[], whats int[], delays float8[], whys text[], ahead float8,
  out held boolean[], out earliest timestamptz)
language plpgsql $settings as $$
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
  mine bigint[];
  followed bigint[];
begin
  perform from $schema.key x where x.queue = q and x.key = any(keys) order by x.key for update;
  select coalesce(array_agg(once.n), '{}'), array_agg(once.n) filter (where once.is_followed) into mine, followed from (
    select min(l.n) as n, bool_and(not l.alone and l.what <= 2) as is_followed from (
      select u.n, u.what, i.alone, i.token from $schema.item i join unnest(keys, firsts, tokens, whats) with ordinality u(k, s, l, what, n)
        on i.queue = q and i.key = u.k and i.sequence = u.s and i.token = u.l order by i.sequence for update of i) l
    group by l.token) once;
  held := array(select n = any(mine) from generate_subscripts(keys, 1) n order by n);
  if whats && '{3,4}' then
    update $schema.item i set
      token = 0,
      due_at = t + make_interval(secs => u.delay),
      claim_at = case when i.sequence = u.s then t + make_interval(secs => u.delay) end,
      last_error = case u.what when 3 then u.why else i.last_error end,
      attempts = case u.what when 3 then i.attempts else greatest(i.attempts - 1, 0) end
    from unnest(keys, firsts, lasts, whats, delays, whys) with ordinality u(k, s, l, what, delay, why, n)
    where u.n = any(mine) and u.what > 2 and i.queue = q and i.key = u.k and i.sequence between u.s and u.l;
  end if;
  if whats && '{1,2}' then
    -- The bound of a key is raised only now and then, because each change leaves a version of the row behind.
    with gone as (
      delete from $schema.item i using unnest(keys, firsts, lasts, whats, whys) with ordinality u(k, s, l, what, why, n)
      where u.n = any(mine) and u.what <= 2 and i.queue = q and i.key = u.k and i.sequence between u.s and u.l
      returning i.*, u.what, u.why
    ), ended as (
      update $schema.seen n set ended_at = t from gone g where n.queue = q and n.id = g.id
    ), buried as (
      insert into $schema.dead (sequence, queue, key, id, kind, received_at, died_at, attempts, last_error, body)
      select g.sequence, g.queue, g.key, g.id, g.kind, g.received_at, t, g.attempts, g.why, g.body from gone g where g.what = 2
    ), raised as (
      update $schema.key x set first = u.l + 1 from unnest(keys, lasts) with ordinality u(k, l, n)
      where u.n = any(followed) and u.l % 32 = 0 and x.queue = q and x.key = u.k
    ), next as (
      update $schema.item i set claim_at = i.due_at
      from unnest(keys, lasts) with ordinality u(k, l, n) cross join lateral (
        select f.sequence from $schema.item f where f.queue = q and f.key = u.k and f.sequence > u.l order by f.sequence limit 1) f
      where u.n = any(followed) and i.queue = q and i.key = u.k and i.sequence = f.sequence
      returning i.claim_at)
    select min(claim_at) into earliest from next;
  end if;
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
