-- KEYS: stream, groups, counts, seen. ARGV: shift, epoch, window, then for each message: id, key, time, ordering key,
-- headers, payload. The first write takes memory, so that a server that is full refuses all of them
local stream, groups, counts, seen = unpack(KEYS)
local epoch = redis.call('HGET', groups, '.') or ''
if epoch ~= ARGV[2] then
  return { 'epoch', epoch }
end
if redis.call('HLEN', groups) < 2 then
  return { 'nobody' }
end
local t = redis.call('TIME')
local time = t[1] * 1000 + math.floor(t[2] / 1000) + ARGV[1]
local window = tonumber(ARGV[3])
local known, ids, remembered, added = {}, {}, {}, 0
if window > 0 then
  for i = 4, #ARGV, 6 do
    ids[#ids + 1] = ARGV[i]
  end
  local scores = redis.call('ZMSCORE', seen, unpack(ids))
  for i = 1, #ids do
    known[ids[i]] = scores[i] and tonumber(scores[i]) > time - window
  end
end
for i = 4, #ARGV, 6 do
  local id, key, at, lane, headers, payload = unpack(ARGV, i, i + 5)
  if not known[id] then
    if lane == '' and headers == '' then
      redis.call('XADD', stream, '*', 'id', id, 'key', key, 'at', at, 'payload', payload)
    elseif headers == '' then
      redis.call('XADD', stream, '*', 'id', id, 'key', key, 'at', at, 'ordering-key', lane, 'payload', payload)
    elseif lane == '' then
      redis.call('XADD', stream, '*', 'id', id, 'key', key, 'at', at, 'headers', headers, 'payload', payload)
    else
      redis.call('XADD', stream, '*', 'id', id, 'key', key, 'at', at, 'ordering-key', lane, 'headers', headers,
        'payload', payload)
    end
    added = added + 1
    if window > 0 then
      known[id] = true
      remembered[#remembered + 1] = string.format('%.0f', time)
      remembered[#remembered + 1] = id
    end
  end
end
if added > 0 then
  redis.call('HINCRBY', counts, 'added', added)
end
if #remembered > 0 then
  redis.call('ZADD', seen, unpack(remembered))
  redis.call('ZREMRANGEBYSCORE', seen, '-inf', string.format('%.0f', time - window))
end
return { 'ok', added }
