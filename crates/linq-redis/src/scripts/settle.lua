-- Ends the lease of the key ARGV[3] with the token ARGV[4], for its items up to the sequence number ARGV[5]. Returns whether
-- the lease was held. ARGV[6] is what becomes of the items, ARGV[7] a delay in microseconds, ARGV[8] an error.
local key, what, failure = ARGV[3], ARGV[6], ARGV[8]
if not is_held(key, ARGV[4]) then
  return 0
end
work_without_memory()
redis.call('HDEL', of_queue('leases'), key)
local list = in_queue('key', key)
local last = tonumber(ARGV[5])
local time = now()
local delayed = text(time + ARGV[7])

local function finish(sequence)
  local item = item_at(sequence)
  local id = redis.call('HGET', item, 'id')
  redis.call('LPOP', list)
  redis.call('HDEL', of_queue('waiting'), id)
  redis.call('ZREM', of_queue('order'), sequence)
  if what == 'complete' then
    redis.call('UNLINK', item)
    redis.call('ZADD', of_queue('ended'), text(time), id)
  else
    redis.call('HSET', item, 'error', failure)
    redis.call('HSET', of_queue('dead'), id, sequence)
    redis.call('ZADD', of_queue('letters'), sequence, sequence)
    redis.call('ZADD', of_queue('died'), text(time), sequence)
  end
end

local function put_back(sequence)
  local item = item_at(sequence)
  redis.call('HSET', item, 'due', delayed)
  if what == 'retry' then
    redis.call('HSET', item, 'error', failure)
  elseif tonumber(redis.call('HGET', item, 'attempts')) > 0 then
    redis.call('HINCRBY', item, 'attempts', -1)
  end
end

local at = 0
while true do
  local sequence = redis.call('LINDEX', list, at)
  if not sequence or tonumber(sequence) > last then
    break
  end
  if what == 'complete' or what == 'dead' then
    finish(sequence)
  else
    put_back(sequence)
    at = at + 1
  end
end

local first = redis.call('LINDEX', list, 0)
if first then
  redis.call('ZADD', of_queue('keys'), redis.call('HGET', item_at(first), 'due'), key)
else
  redis.call('ZREM', of_queue('keys'), key)
end
return 1
