-- Writes the record with the id ARGV[3], the state ARGV[4] and the body ARGV[5] if its version is ARGV[6]. Returns whether it
-- was written.
local id, state = ARGV[3], ARGV[4]
local record = in_queue('record', id)
local version, sequence, before = unpack(redis.call('HMGET', record, 'version', 'sequence', 'state'))
if (version or '0') ~= ARGV[6] then
  return 0
end
if version then
  -- What was sent must be recorded even when memory is full.
  work_without_memory()
  redis.call('ZREM', in_queue('state', before), id)
else
  sequence = next_sequence()
  redis.call('ZADD', of_queue('records'), sequence, id)
end
local time = text(now())
redis.call('HSET', record, 'sequence', sequence, 'state', state, 'body', ARGV[5], 'version', text(ARGV[6] + 1),
  'updated', time)
redis.call('ZADD', in_queue('state', state), sequence, id)
redis.call('ZADD', of_queue('updated'), time, id)
return 1
