-- shift, group, consumer, lease, how many acks, then for each ack: handle, token, lane; then for each of the others: what,
-- handle, token, lane and two values of its own. Answers whether others were freed, when the next is due, and for each
-- whether its lease was held
local consumer, acks = ARGV[3], tonumber(ARGV[5])
local time = servertime() + ARGV[1]
local results, freed, at = {}, false, 6

if acks > 0 then
  local held, handles, inlanes, ended = {}, {}, {}, {}
  for i = 0, acks - 1 do
    held[i + 1] = ARGV[at + 3 * i] .. ' ' .. ARGV[at + 3 * i + 1]
  end
  local scores = redis.call('ZMSCORE', leased, unpack(held))
  for i = 1, acks do
    results[i] = scores[i] and 1 or 0
    if scores[i] then
      handles[#handles + 1] = ARGV[at + 3 * (i - 1)]
      inlanes[#inlanes + 1] = ARGV[at + 3 * (i - 1) + 2]
      ended[#ended + 1] = held[i]
    end
  end
  if #ended > 0 then
    redis.call('ZREM', leased, unpack(ended))
    freed = finish(handles, inlanes)
  end
  at = at + 3 * acks
end

local function retry(handle, delay, attempt)
  redis.call('ZADD', waiting, delay == '0' and 0 or number(time + delay), handle)
  redis.call('HSET', attempts, handle, attempt)
  freed = freed or delay == '0'
end

local function release(handle)
  redis.call('ZADD', waiting, 0, handle)
  freed = true
end

local function bury(handle, lane, deaths, message)
  local id = idof(handle)
  local entry = redis.call('XRANGE', isreplayed(handle) and replayed or stream, id, id)[1]
  if entry then
    local kept = { 'deaths', deaths, 'message-id', message }
    for i = 1, #entry[2], 2 do
      if entry[2][i] ~= 'deaths' and entry[2][i] ~= 'message-id' then
        kept[#kept + 1] = entry[2][i]
        kept[#kept + 1] = entry[2][i + 1]
      end
    end
    local at = redis.call('XADD', dead, '*', unpack(kept))
    local before = redis.call('HGET', buried, message)
    redis.call('HSET', buried, message, before and before .. ' ' .. at or at)
  end
  freed = finish({ handle }, { lane }) or freed
end

while at <= #ARGV do
  local what, handle, token, lane, one, two = unpack(ARGV, at, at + 5)
  local held = handle .. ' ' .. token
  local holds = redis.call('ZSCORE', leased, held)
  if holds and what == 'renew' then
    redis.call('ZADD', leased, 'XX', number(time + ARGV[4]), held)
    if not isreplayed(handle) then
      redis.call('XCLAIM', stream, group, consumer, 0, handle, 'JUSTID')
    end
  elseif holds then
    redis.call('ZREM', leased, held)
    if what == 'retry' then
      retry(handle, one, two)
    elseif what == 'release' then
      release(handle)
    else
      bury(handle, lane, one, two)
    end
  end
  results[#results + 1] = holds and 1 or 0
  at = at + 6
end

if freed then
  ring()
end
return { freed and 1 or 0, nextdue(time), results }
