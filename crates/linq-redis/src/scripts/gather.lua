-- Returns up to ARGV[5] items that wait behind the first one of the key ARGV[3], which is leased with the token ARGV[4].
local items = {}
if not is_held(ARGV[3], ARGV[4]) then
  return items
end
work_without_memory()
local list = in_queue('key', ARGV[3])
local first = redis.call('LINDEX', list, 0)
local is_again = tonumber(redis.call('HGET', item_at(first), 'attempts')) > 1
for _, sequence in ipairs(redis.call('LRANGE', list, 1, ARGV[5])) do
  if is_again and redis.call('HGET', item_at(sequence), 'attempts') == '0' then
    break
  end
  redis.call('HINCRBY', item_at(sequence), 'attempts', 1)
  items[#items + 1] = read_item(sequence)
end
return items
