-- shift, group, consumer, lease, how many parcels of acks, then for each of those: the token of all of them, how many have no
-- lane, their handles, how many have one, handle and lane of each; then for each of the others: what, handle, token, lane and
-- two values of its own. Answers whether others were freed, when the next is due, and which had no lease, counted from 1
local consumer, parcels = ARGV[3], tonumber(ARGV[5])
local time = servertime() + ARGV[1]
local stale, count, freed, at = {}, 0, false, 6

local function take()
  at = at + 1
  return ARGV[at - 1]
end

local function parcel()
  local token, handles, inlanes = take(), {}, {}
  for i = 1, tonumber(take()) do
    handles[i], inlanes[i] = take(), ''
  end
  for _ = 1, tonumber(take()) do
    handles[#handles + 1] = take()
    inlanes[#handles] = take()
  end
  return token, handles, inlanes
end

-- which of them are leased by themselves, and which have left the lot; only asked where there are any
local function scores(key, handles, name)
  if redis.call('EXISTS', key) == 0 then
    return {}
  end
  local names = {}
  for i, handle in ipairs(handles) do
    names[i] = name(handle)
  end
  return redis.call('ZMSCORE', key, unpack(names))
end

local function ack(token, handles, inlanes)
  local single = scores(leased, handles, function(handle) return handle .. ' ' .. token end)
  local lot = redis.call('ZSCORE', lots, token)
  local gone = lot and scores(left, handles, function(handle) return token .. ' ' .. handle end)
  local ids, done, donelanes, acked = {}, {}, {}, 0
  for i, handle in ipairs(handles) do
    count = count + 1
    if single[i] then
      redis.call('ZREM', leased, handle .. ' ' .. token)
      finish(handle)
      done[#done + 1], donelanes[#done + 1] = handle, inlanes[i]
    elseif not lot or gone[i] or isreplayed(handle) then
      stale[#stale + 1] = count
    elseif inlanes[i] == '' then
      ids[#ids + 1], done[#done + 1], donelanes[#done + 1] = handle, handle, ''
    elseif redis.call('XACK', stream, group, handle) == 1 then -- else it was settled before, and the next is on its way
      acked = acked + 1
      done[#done + 1], donelanes[#done + 1] = handle, inlanes[i]
    end
  end
  if #ids > 0 then
    acked = acked + redis.call('XACK', stream, group, unpack(ids))
  end
  if #done > 0 then
    lessen(token, acked)
    freed = leave(done, donelanes) or freed
  end
end

for _ = 1, parcels do
  ack(parcel())
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

local function inlot(handle, token)
  return not isreplayed(handle)
    and redis.call('ZSCORE', lots, token)
    and not redis.call('ZSCORE', left, token .. ' ' .. handle)
    and ispending(handle)
end

while at <= #ARGV do
  local what, handle, token, lane, one, two = unpack(ARGV, at, at + 5)
  local held = handle .. ' ' .. token
  local single = redis.call('ZSCORE', leased, held)
  local lot = not single and inlot(handle, token)
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
