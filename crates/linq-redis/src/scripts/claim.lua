-- Leases up to ARGV[3] keys for ARGV[4] microseconds, and returns their first items.
work_without_memory()
local time = now()
local ends = text(time + ARGV[4])
local claims = {}
for _, key in ipairs(redis.call('ZRANGEBYSCORE', of_queue('keys'), '-inf', text(time), 'LIMIT', 0, ARGV[3])) do
  local token = redis.call('INCR', prefix .. 'token')
  redis.call('ZADD', of_queue('keys'), ends, key)
  redis.call('HSET', of_queue('leases'), key, text(token))
  local sequence = redis.call('LINDEX', in_queue('key', key), 0)
  redis.call('HINCRBY', item_at(sequence), 'attempts', 1)
  claims[#claims + 1] = { token, time - redis.call('HGET', item_at(sequence), 'received'), read_item(sequence) }
end
return claims
