-- shift, group, consumer, lease, how many parcels of acks, then for each of those: the token of all of them, how many have no
-- lane, how many have one, handles, and handle and lane of each; none of them was had again. Then for each of the others:
-- what, handle, token, lane and two values of its own. Answers whether others were freed, when the next is due, and which had
-- no lease, counted from 1
local consumer, parcels = ARGV[3], tonumber(ARGV[5])
local time = servertime() + ARGV[1]
local stale, count, freed, at = {}, 0, false, 6

-- which of them have such a name; only asked where there are any
local function scores(key, handles, name)
  if redis.call('EXISTS', key) == 0 then
    return nil
  end
  local names = {}
  for i, handle in ipairs(handles) do
    names[i] = name(handle)
  end
  return redis.call('ZMSCORE', key, unpack(names))
end

-- those that are neither leased by themselves, which they are then no longer, nor have left their lot
local function inlot(token, handles, inlanes)
  local singles = scores(leased, handles, function(handle) return handle .. ' ' .. token end)
  local lot = redis.call('ZSCORE', lots, token)
  local gone = scores(left, handles, function(handle) return token .. ' ' .. handle end)
  if lot and not singles and not gone then
    count = count + #handles
    return handles, inlanes
  end
  local rest, restlanes = {}, {}
  for i, handle in ipairs(handles) do
    count = count + 1
    if singles and singles[i] then
      redis.call('ZREM', leased, handle .. ' ' .. token)
      finish(handle)
      freed = leave({ handle }, { inlanes[i] }) or freed
    elseif lot and not (gone and gone[i]) then
      rest[#rest + 1], restlanes[#restlanes + 1] = handle, inlanes[i]
    else
      stale[#stale + 1] = count
    end
  end
  return rest, restlanes
end

local function ack(token, handles)
  handles = inlot(token, handles, {})
  if #handles > 0 then
    lessen(token, redis.call('XACK', stream, group, unpack(handles)))
    freed = leave(handles, {}) or freed
  end
end

-- one by one: of one that was settled before, the next may be on its way
local function ackinlanes(token, handles, inlanes)
  local done, donelanes = {}, {}
  handles, inlanes = inlot(token, handles, inlanes)
  for i, handle in ipairs(handles) do
    if redis.call('XACK', stream, group, handle) == 1 then
      done[#done + 1], donelanes[#donelanes + 1] = handle, inlanes[i]
    end
  end
  if #done > 0 then
    lessen(token, #done)
    freed = leave(done, donelanes) or freed
  end
end

for _ = 1, parcels do
  local token, some = ARGV[at], tonumber(ARGV[at + 1])
  local many = tonumber(ARGV[at + 2])
  at = at + 3
  if some > 0 then
    ack(token, { unpack(ARGV, at, at + some - 1) })
    at = at + some
  end
  if many > 0 then
    local handles, inlanes = {}, {}
    for i = 1, many do
      handles[i], inlanes[i] = ARGV[at], ARGV[at + 1]
      at = at + 2
    end
    ackinlanes(token, handles, inlanes)
  end
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
  finish(handle)
  freed = leave({ handle }, { lane }) or freed
end

-- it is under a lot no longer
local function leavelot(handle, token)
  redis.call('ZADD', left, 0, token .. ' ' .. handle)
  lessen(token, 1)
end

local function isinlot(handle, token)
  return not isreplayed(handle)
    and redis.call('ZSCORE', lots, token)
    and not redis.call('ZSCORE', left, token .. ' ' .. handle)
    and ispending(handle)
end

while at <= #ARGV do
  local what, handle, token, lane, one, two = unpack(ARGV, at, at + 5)
  local held = handle .. ' ' .. token
  local single = redis.call('ZSCORE', leased, held)
  local lot = not single and isinlot(handle, token)
  count = count + 1
  if not single and not lot then
    stale[#stale + 1] = count
  else
    if what == 'renew' then
      if not isreplayed(handle) then
        redis.call('XCLAIM', stream, group, consumer, 0, handle, 'JUSTID')
      end
      redis.call('ZADD', leased, number(time + ARGV[4]), held)
    else
      redis.call('ZREM', leased, held)
      if what == 'retry' then
        retry(handle, one, two)
      elseif what == 'release' then
        release(handle)
      elseif what == 'ack' then
        finish(handle)
        freed = leave({ handle }, { lane }) or freed
      else
        bury(handle, lane, one, two)
      end
    end
    if lot then
      leavelot(handle, token)
    end
  end
  at = at + 6
end

if freed then
  ring()
end
return { freed and 1 or 0, nextdue(time), stale }
