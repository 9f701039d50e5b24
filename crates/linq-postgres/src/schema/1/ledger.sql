-- Records, paces and sweeps.

-- Writes each record whose present version is the expected one, 0 if there must be none, and returns for each whether it was
-- written. The ids are locked in their order, so that two batches cannot wait for each other.
create function $schema.put_records(q text, ids text[], states text[], bodies bytea[], versions bigint[], ahead float8)
returns boolean[] language plpgsql $settings as $$
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
  written boolean[] := array_fill(false, array[cardinality(ids)]);
  n int;
begin
  for n in select u.n from unnest(ids) with ordinality u(i, n) order by u.i, u.n loop
    if versions[n] = 0 then
      insert into $schema.record (queue, id, state, version, updated_at, body) values (q, ids[n], states[n], 1, t, bodies[n])
      on conflict do nothing;
    else
      update $schema.record r set state = states[n], version = r.version + 1, updated_at = t, body = bodies[n]
      where r.queue = q and r.id = ids[n] and r.version = versions[n];
    end if;
    written[n] := found;
  end loop;
  return written;
end $$;

-- Takes one from each limit and returns null if all allow it; otherwise returns how long it is until all of them can. A burst is
-- that many intervals. The keys are locked in their order, so that two calls cannot wait for each other.
--
-- A time further ahead than two bursts comes from another rate, or from a clock that was set back.
create function $schema.pace(keys text[], intervals float8[], bursts float8[], ahead float8)
returns float8 language plpgsql $settings as $$
declare
  t timestamptz;
  expected timestamptz[];
  span interval;
  burst interval;
  wait interval := '0';
  n int;
begin
  for n in select u.n from unnest(keys) with ordinality u(k, n) order by u.k loop
    insert into $schema.pace as p (key, next_at) values (keys[n], '-infinity')
    on conflict (key) do update set next_at = excluded.next_at where false;
    expected[n] := (select p.next_at from $schema.pace p where p.key = keys[n]);
  end loop;
  t := clock_timestamp() + make_interval(secs => ahead);
  for n in 1 .. cardinality(keys) loop
    span := make_interval(secs => intervals[n]);
    burst := make_interval(secs => bursts[n]);
    expected[n] := span + case when expected[n] > t + 2 * burst then t + burst - span else greatest(expected[n], t) end;
    wait := greatest(wait, expected[n] - (t + burst));
  end loop;
  if wait > '0' then
    return extract(epoch from wait);
  end if;
  for n in 1 .. cardinality(keys) loop
    update $schema.pace p set next_at = expected[n] where p.key = keys[n];
  end loop;
  return null;
end $$;

-- Deletes up to `n` of each of what is older than its retention, and returns how many, without paces whose time has passed.
create function $schema.sweep(q text, dead_letters float8, old_ids float8, records float8, n bigint, ahead float8)
returns bigint language plpgsql as $$
declare
  t timestamptz := clock_timestamp() + make_interval(secs => ahead);
  deleted bigint;
  total bigint := 0;
begin
  delete from $schema.pace where key in (
    select p.key from $schema.pace p where p.next_at < t limit n for update skip locked);
  delete from $schema.dead where sequence in (
    select d.sequence from $schema.dead d where d.queue = q and d.died_at < t - make_interval(secs => dead_letters)
    order by d.sequence limit n for update skip locked);
  get diagnostics deleted = row_count;
  total := total + deleted;
  delete from $schema.seen where queue = q and id in (
    select s.id from $schema.seen s where s.queue = q and s.ended_at < t - make_interval(secs => old_ids)
    and not exists (select from $schema.dead d where d.queue = q and d.id = s.id)
    order by s.ended_at limit n for update skip locked);
  get diagnostics deleted = row_count;
  total := total + deleted;
  delete from $schema.record where queue = q and id in (
    select r.id from $schema.record r where r.queue = q and r.updated_at < t - make_interval(secs => records)
    and not exists (select from $schema.seen s where s.queue = q and s.id = r.id and s.ended_at is null)
    order by r.updated_at limit n for update skip locked);
  get diagnostics deleted = row_count;
  total := total + deleted;
  return total;
end $$;

-- Deletes those of the next `n` keys after `after` that have no items, and returns the last one of them, null at the end.
--
-- The keys are looked at after they were locked: an item that was added just before would not be seen otherwise.
create function $schema.sweep_keys(q text, after text, n bigint)
returns text language plpgsql as $$
declare
  last text;
  locked text[];
begin
  select max(k.key) into last from (
    select x.key from $schema.key x where x.queue = q and x.key > after order by x.key limit n) k;
  select array_agg(k.key) into locked from (
    select x.key from $schema.key x where x.queue = q and x.key > after and x.key <= last
    and not exists (select from $schema.item i where i.queue = q and i.key = x.key and i.sequence >= x.first)
    order by x.key for update skip locked) k;
  delete from $schema.key x where x.queue = q and x.key = any(locked)
    and not exists (select from $schema.item i where i.queue = q and i.key = x.key and i.sequence >= x.first);
  return last;
end $$;
