-- What the scripts of a group share. A handle names an entry: '<id>' is one of the stream, 'r<id>' one that was replayed.
-- An entry that a group has passed and not settled is pending in the stream's consumer group, and besides
--   lent:    in a lot, which is all that one fetch has lent of the stream. 'lots' has its token, which nobody else knows,
--            scored with the end of the lease; 'contents' its handles, and under '#<token>' how many it still holds. What
--            has left it without an ack is in 'left' as '<token> <handle>'
--   leased:  by itself, in 'leased' as '<handle> <token>', scored in the same way: what was renewed, or had again
--   waiting: in 'waiting', scored with the time from which it may be had, 0 once that has come
--   blocked: in neither, behind an earlier one of its ordering key in 'lanes'
-- Writes come in this order: one that frees memory, then those that take some. So a server that is full can be drained.
local stream, groups, counts, bell, leased, waiting, attempts, lanes, replayed, dead, buried, members, lots, contents, left =
  unpack(KEYS)
local group = ARGV[2]

local function servertime()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function number(n)
  return string.format('%.0f', n)
end

-- so that ids compare as texts do
local function padded(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return string.rep('0', 20 - #ms) .. ms .. string.rep('0', 20 - #seq) .. seq
end

local function isreplayed(handle)
  return string.sub(handle, 1, 1) == 'r'
end

local function idof(handle)
  return isreplayed(handle) and string.sub(handle, 2) or handle
end

-- an id from which on this one comes again, and none before it; but where Lua cannot count so far, what shares its millisecond
local function before(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  if #seq < 16 and seq ~= '0' then
    return ms .. '-' .. number(tonumber(seq) - 1)
  end
  return ms == '0' and '0-0' or number(tonumber(ms) - 1) .. '-18446744073709551615'
end

-- XINFO GROUPS: by name, and how many there are
local function infos()
  local reply = redis.pcall('XINFO', 'GROUPS', stream)
  local found, count = {}, 0
  if not reply.err then
    for _, flat in ipairs(reply) do
      local info = {}
      for i = 1, #flat, 2 do
        info[flat[i]] = flat[i + 1]
      end
      found[info.name] = info
      count = count + 1
    end
  end
  return found, count
end

local function registered()
  return redis.call('HLEN', groups) - redis.call('HEXISTS', groups, '.')
end

local function ring()
  redis.call('XADD', bell, 'MAXLEN', 1, '*', 'group', group)
end

local function laneof(fields)
  for i = 1, #fields, 2 do
    if fields[i] == 'ordering-key' then
      local lane = fields[i + 1]
      return lane ~= '' and not string.find(lane, '\0', 1, true) and lane or nil
    end
  end
  return nil
end

local function place(lane, handle)
  return lane .. '\0' .. padded(idof(handle)) .. ' ' .. handle
end

local function firstof(lane)
  return redis.call('ZRANGEBYLEX', lanes, '[' .. lane .. '\0', '(' .. lane .. '\1', 'LIMIT', 0, 1)[1]
end

local function lastgenerated()
  local info = redis.pcall('XINFO', 'STREAM', stream)
  if not info.err then
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then
        return info[i + 1]
      end
    end
  end
  return '0-0'
end

-- adds to what is replayed under an id between those of all that was published and all that will be: the streams count for
-- themselves, so within one millisecond they would come in any order
local function addreplayed(fields)
  local last = lastgenerated()
  local id = redis.call('XADD', replayed, '*', unpack(fields))
  if padded(id) <= padded(last) then
    local ms, seq = string.match(last, '^(%d+)-(%d+)$')
    redis.call('XDEL', replayed, id)
    id = redis.call('XADD', replayed, ms .. '-' .. number(tonumber(seq) + 1), unpack(fields))
  end
  redis.pcall('XSETID', stream, id)
  return id
end

-- puts one into this group alone, behind those of its ordering key. Says its handle
local function enter(fields)
  local handle = 'r' .. addreplayed(fields)
  local lane = laneof(fields)
  if lane then
    redis.call('ZADD', lanes, 0, place(lane, handle))
  end
  if not lane or firstof(lane) == place(lane, handle) then
    redis.call('ZADD', waiting, 0, handle)
  end
  return handle
end

-- where 'buried' says that a message was taken over from another backend and is not settled; no message id is like it
local function trace(message)
  return '\1' .. message
end

local function forgettrace(id)
  local entry = redis.call('XRANGE', replayed, id, id)[1]
  for i = 1, entry and #entry[2] or 0, 2 do
    if entry[2][i] == 'id' then
      redis.call('HDEL', buried, trace(entry[2][i + 1]))
    end
  end
end

-- takes it out of its lane; the next one was blocked by it
local function leavelane(lane, handle)
  redis.call('ZREM', lanes, place(lane, handle))
  local first = firstof(lane)
  if first then
    redis.call('ZADD', waiting, 0, string.match(first, ' (%S+)$'))
  end
  return first
end

local function ispending(handle)
  local found = redis.pcall('XPENDING', stream, group, handle, handle, 1)
  return not found.err and #found > 0
end

local function closelot(token)
  redis.call('ZREM', lots, token)
  redis.call('HDEL', contents, token, '#' .. token)
  redis.call('ZREMRANGEBYLEX', left, '[' .. token .. ' ', '(' .. token .. '!')
end

-- so many fewer are held under it
local function lessen(token, count)
  if count > 0 and redis.call('HINCRBY', contents, '#' .. token, -count) <= 0 then
    closelot(token)
  end
end

-- ends it, and says what it still held
local function endlot(token)
  local rest = {}
  for handle in string.gmatch(redis.call('HGET', contents, token) or '', '%S+') do
    if not redis.call('ZSCORE', left, token .. ' ' .. handle) and ispending(handle) then
      rest[#rest + 1] = handle
    end
  end
  closelot(token)
  return rest
end

-- deletes those that this group has settled and that no other group still needs
local function purge(ids)
  local others, count = infos()
  if count < registered() then
    return -- a group is to be made again, and will want them
  end
  others[group] = nil
  if next(others) == nil then
    redis.call('XDEL', stream, unpack(ids))
    return
  end
  local gone = {}
  for _, id in ipairs(ids) do
    local needed = false
    for name, info in pairs(others) do
      needed = needed
        or padded(info['last-delivered-id']) < padded(id)
        or #redis.call('XPENDING', stream, name, id, id, 1) > 0
    end
    if not needed then
      gone[#gone + 1] = id
    end
  end
  if #gone > 0 then
    redis.call('XDEL', stream, unpack(gone))
  end
end

-- this group is done with it
local function finish(handle)
  if isreplayed(handle) then
    forgettrace(idof(handle))
    redis.call('XDEL', replayed, idof(handle))
  else
    redis.call('XACK', stream, group, handle)
  end
end

-- this group is done with all of them; parallel lists, the second as far as there are lanes. Says whether that has freed
-- others of their ordering keys
local function leave(handles, inlanes)
  local freed = false
  for i, lane in pairs(inlanes) do
    if lane ~= '' then
      freed = leavelane(lane, handles[i]) and true or freed
    end
  end
  if not isreplayed(handles[1]) then
    purge(handles)
  end
  if redis.call('HLEN', attempts) > 0 then
    redis.call('HDEL', attempts, unpack(handles))
  end
  return freed
end

local function failed(handle)
  redis.call('ZADD', waiting, 0, handle)
  redis.call('HSET', attempts, handle, (redis.call('HGET', attempts, handle) or 1) + 1)
end

-- what has come due may be had by anybody: leases that ended, which were attempts, and delays. Says how many
local function promote(time)
  local ended = redis.call('ZRANGEBYSCORE', leased, '-inf', number(time), 'LIMIT', 0, 500)
  for _, member in ipairs(ended) do
    local handle = string.match(member, '^(%S+) ')
    redis.call('ZREM', leased, member)
    failed(handle)
  end
  local promoted = #ended
  for _, token in ipairs(redis.call('ZRANGEBYSCORE', lots, '-inf', number(time), 'LIMIT', 0, 2)) do
    for _, handle in ipairs(endlot(token)) do
      failed(handle)
      promoted = promoted + 1
    end
  end
  local due = redis.call('ZRANGEBYSCORE', waiting, '(0', number(time), 'LIMIT', 0, 500)
  for _, handle in ipairs(due) do
    redis.call('ZADD', waiting, 0, handle)
  end
  return promoted + #due
end

-- in how many milliseconds the next lease or delay ends; -1 if there is none
local function nextdue(time)
  local lease = redis.call('ZRANGE', leased, 0, 0, 'WITHSCORES')[2]
  local lot = redis.call('ZRANGE', lots, 0, 0, 'WITHSCORES')[2]
  local delay = redis.call('ZRANGEBYSCORE', waiting, '(0', '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
  if not lease and not lot and not delay then
    return -1
  end
  return math.max(0, math.min(tonumber(lease or '1e18'), tonumber(lot or '1e18'), tonumber(delay or '1e18')) - time)
end

-- trims what every group has settled from the old end of the stream
local function tidy()
  local all, count = infos()
  if count < registered() then
    return
  end
  local least = nil
  for name, info in pairs(all) do
    local pending = redis.call('XPENDING', stream, name, '-', '+', 1)
    local needed = pending[1] and pending[1][1]
    if not needed then
      local ms, seq = string.match(info['last-delivered-id'], '^(%d+)-(%d+)$')
      needed = tonumber(seq) < 2 ^ 50 and ms .. '-' .. number(tonumber(seq) + 1) or info['last-delivered-id']
    end
    if not least or padded(needed) < padded(least) then
      least = needed
    end
  end
  if least then
    redis.call('XTRIM', stream, 'MINID', least)
  elseif redis.call('EXISTS', stream) == 1 then
    redis.call('XTRIM', stream, 'MAXLEN', 0)
  end
end

-- makes the consumer group, and forgets what was known of its deliveries: they come again, unless they were replayed
local function creategroup(start)
  local made = redis.pcall('XGROUP', 'CREATE', stream, group, start, 'MKSTREAM')
  if made.err then
    if string.find(made.err, 'BUSYGROUP', 1, true) then
      return
    end
    error(made.err)
  end
  redis.call('UNLINK', lots, contents, left)
  for _, member in ipairs(redis.call('ZRANGE', leased, 0, -1)) do
    if not isreplayed(member) then
      redis.call('ZREM', leased, member)
    end
  end
  for _, handle in ipairs(redis.call('ZRANGE', waiting, 0, -1)) do
    if not isreplayed(handle) then
      redis.call('ZREM', waiting, handle)
    end
  end
  for _, member in ipairs(redis.call('ZRANGE', lanes, 0, -1)) do
    if not isreplayed(string.match(member, ' (%S+)$')) then
      redis.call('ZREM', lanes, member)
    end
  end
end

-- where a group that is to be made again starts: where it was, if the stream has ever come that far
local function restart(floor)
  return padded(floor) <= padded(lastgenerated()) and floor or '0-0'
end

-- how much of the stream is new to it is not known until it has come to the end
local function uncounted()
  local added = tonumber(redis.call('HGET', counts, 'added') or 0)
  redis.call('HSET', counts, 'passed:' .. group, added - redis.call('XLEN', stream), 'vague:' .. group, 1)
end

