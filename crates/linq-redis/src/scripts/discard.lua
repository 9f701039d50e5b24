-- Deletes the dead letter with the id ARGV[3], which is remembered. Returns whether there is one.
local id = ARGV[3]
local sequence = redis.call('HGET', of_queue('dead'), id)
if not sequence then
  return 0
end
redis.call('UNLINK', item_at(sequence))
redis.call('HDEL', of_queue('dead'), id)
redis.call('ZADD', of_queue('ended'), redis.call('ZSCORE', of_queue('died'), sequence), id)
redis.call('ZREM', of_queue('letters'), sequence)
redis.call('ZREM', of_queue('died'), sequence)
return 1
