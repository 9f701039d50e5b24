-- Returns whether an item waits behind the one with the id ARGV[3].
local sequence = redis.call('HGET', of_queue('waiting'), ARGV[3])
if not sequence then
  return 0
end
local list = in_queue('key', redis.call('HGET', item_at(sequence), 'key'))
return redis.call('LINDEX', list, -1) == sequence and 0 or 1
