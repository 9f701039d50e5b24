-- Moves the dead letter with the id ARGV[3] to the end of its key. Returns whether there is one.
local id = ARGV[3]
local before = redis.call('HGET', of_queue('dead'), id)
if not before then
  return 0
end
local time = text(now())
local sequence = next_sequence()
local item = item_at(sequence)
redis.call('HDEL', of_queue('dead'), id)
redis.call('ZREM', of_queue('letters'), before)
redis.call('ZREM', of_queue('died'), before)
redis.call('RENAME', item_at(before), item)
redis.call('HSET', item, 'attempts', 0, 'due', time)
append(sequence, id, redis.call('HGET', item, 'key'), time)
return 1
