-- Adds an item, and returns whether it is new.
local id, key = ARGV[4], ARGV[6]
if ARGV[3] == '1' then
  if redis.call('HEXISTS', of_queue('waiting'), id) == 1
    or redis.call('HEXISTS', of_queue('dead'), id) == 1
    or redis.call('ZSCORE', of_queue('ended'), id)
  then
    return 0
  end
end
local time = now()
local sequence = next_sequence()
if ARGV[3] == '0' then
  id = '#' .. sequence
end
if ARGV[5] == '0' then
  key = '#' .. sequence
end
local due = text(time + ARGV[9])
redis.call('HSET', item_at(sequence), 'id', id, 'key', key, 'kind', ARGV[7], 'body', ARGV[8],
  'received', text(time), 'due', due, 'attempts', 0)
append(sequence, id, key, due)
return 1
