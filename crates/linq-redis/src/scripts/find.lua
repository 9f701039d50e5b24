-- Returns whether the item with the id ARGV[3] is dead, and the item, if it is waiting, leased or dead.
local waiting = redis.call('HGET', of_queue('waiting'), ARGV[3])
local sequence = waiting or redis.call('HGET', of_queue('dead'), ARGV[3])
return sequence and { waiting and 0 or 1, read_item(sequence) }
