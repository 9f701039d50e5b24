-- Deletes ids that ended more than ARGV[3] microseconds ago, dead letters older than ARGV[4], and records that were last
-- written more than ARGV[5] ago and whose item does not wait: up to ARGV[6] of each. Returns how many.
local time = now()
local limit = tonumber(ARGV[6])
local swept = 0

local function old(set, keep, offset)
  return redis.call('ZRANGEBYSCORE', set, '-inf', '(' .. text(time - keep), 'LIMIT', offset, limit)
end

for _, sequence in ipairs(old(of_queue('died'), ARGV[4], 0)) do
  local id = redis.call('HGET', item_at(sequence), 'id')
  redis.call('UNLINK', item_at(sequence))
  redis.call('HDEL', of_queue('dead'), id)
  redis.call('ZADD', of_queue('ended'), redis.call('ZSCORE', of_queue('died'), sequence), id)
  redis.call('ZREM', of_queue('letters'), sequence)
  redis.call('ZREM', of_queue('died'), sequence)
  swept = swept + 1
end

for _, id in ipairs(old(of_queue('ended'), ARGV[3], 0)) do
  redis.call('ZREM', of_queue('ended'), id)
  swept = swept + 1
end

local deleted, kept = 0, 0
local page
repeat
  page = old(of_queue('updated'), ARGV[5], kept)
  for _, id in ipairs(page) do
    if deleted == limit then
      break
    end
    if redis.call('HEXISTS', of_queue('waiting'), id) == 1 then
      kept = kept + 1
    else
      local record = in_queue('record', id)
      redis.call('ZREM', in_queue('state', redis.call('HGET', record, 'state')), id)
      redis.call('ZREM', of_queue('records'), id)
      redis.call('ZREM', of_queue('updated'), id)
      redis.call('UNLINK', record)
      deleted = deleted + 1
    end
  end
until #page == 0 or deleted == limit
return swept + deleted
