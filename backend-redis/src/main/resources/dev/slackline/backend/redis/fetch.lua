-- shift, group, consumer, token, how many, lease, how many to look at, how many bytes
local floor = redis.call('HGET', groups, group)
if not floor then
  return { 'undeclared', redis.call('HGET', groups, '.') or '' }
end
local consumer, token, max = ARGV[3], ARGV[4], tonumber(ARGV[5])
local time = servertime() + ARGV[1]
local ending = number(time + ARGV[6])
local again, fresh, leases, lot = {}, {}, {}, {}
local lost, removed, bytes, exhausted, remade = 0, 0, 0, false, 0

local pending = redis.pcall('XPENDING', stream, group, '-', '+', 1)
if pending.err then
  if not string.find(pending.err, 'NOGROUP', 1, true) then
    return redis.error_reply(pending.err)
  end
  creategroup(restart(floor))
  uncounted()
  pending, remade = {}, 1
end
local first = pending[1] and pending[1][1]

-- The answer has no names of fields where they are those that publish.lua gives, in its order: they are half of its parts.
-- Seven parts for each of those, the handle first; the handle and the fields for any other
local size = 0
local function add(id, fields, bare)
  local lane, headers, count = '', '', #fields
  if not bare and fields[1] == 'id' and fields[3] == 'key' and fields[5] == 'at' and fields[count - 1] == 'payload' then
    lane = fields[7] == 'ordering-key' and fields[8] or ''
    headers = fields[count - 3] == 'headers' and fields[count - 2] or ''
    bare = count == 12 and fields[7] == 'ordering-key' and fields[9] == 'headers'
      or count == 10 and (fields[7] == 'ordering-key' or fields[7] == 'headers')
  end
  if bare then
    fresh[size + 1], fresh[size + 2], fresh[size + 3], fresh[size + 4] = id, fields[2], fields[4], fields[6]
    fresh[size + 5], fresh[size + 6], fresh[size + 7] = lane, headers, fields[count]
    size = size + 7
  else
    fresh[size + 1], fresh[size + 2] = id, fields
    size = size + 2
  end
end

promote(time)
for _, handle in ipairs(redis.call('ZRANGEBYSCORE', waiting, 0, 0, 'LIMIT', 0, max)) do
  if bytes >= tonumber(ARGV[8]) then
    break
  end
  redis.call('ZREM', waiting, handle)
  local entries
  if isreplayed(handle) then
    entries = redis.call('XRANGE', replayed, idof(handle), idof(handle))
  else
    entries = redis.call('XCLAIM', stream, group, consumer, 0, handle)
  end
  local fields = entries[1] and entries[1][2]
  if fields then
    again[#again + 1] = { handle, tonumber(redis.call('HGET', attempts, handle) or 1), fields }
    for i = 2, #fields, 2 do
      bytes = bytes + #fields[i]
    end
    leases[#leases + 1] = ending
    leases[#leases + 1] = handle .. ' ' .. token
  else -- somebody has deleted it
    lost = lost + 1
    redis.call('XACK', stream, group, idof(handle))
    redis.call('HDEL', attempts, handle)
    for _, member in ipairs(redis.call('ZRANGE', lanes, 0, -1)) do
      if string.match(member, ' (%S+)$') == handle then
        leavelane(string.match(member, '^([^%z]*)'), handle)
      end
    end
  end
end

local passed, closed = 0, {}
local most, looked, large = max - #again, tonumber(ARGV[7]), tonumber(ARGV[8])
while #lot < most and passed < looked and bytes < large and not exhausted do
  local count = math.min(most - #lot, 64)
  local reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', count, 'STREAMS', stream, '>')
  local entries = reply and reply[1] and reply[1][2] or {}
  for _, entry in ipairs(entries) do
    local id, fields = entry[1], entry[2]
    local bare = #fields == 8 and fields[7] == 'payload' and fields[5] == 'at' and fields[3] == 'key' and fields[1] == 'id'
    local lane = not bare and laneof(fields)
    first = first or id
    for i = 2, #fields, 2 do
      bytes = bytes + #fields[i]
    end
    if lane then
      redis.call('ZADD', lanes, 0, place(lane, id))
    end
    if not lane or (not closed[lane] and firstof(lane) == place(lane, id)) then
      add(id, fields, bare)
      lot[#lot + 1] = id
    end
    if lane then
      closed[lane] = true
    end
  end
  passed = passed + #entries
  exhausted = #entries < count
end

if #leases > 0 then
  redis.call('ZADD', leased, unpack(leases))
end
if #lot > 0 then
  redis.call('HSET', contents, token, table.concat(lot, ' '), '#' .. token, #lot)
  redis.call('ZADD', lots, ending, token)
end
if passed > 0 then
  redis.call('HINCRBY', counts, 'passed:' .. group, passed)
end
local last, rung = '', ''
if exhausted then
  local info = infos()[group]
  last = info['last-delivered-id']
  if info.pending == 0 then
    floor = last
  end
  rung = redis.call('XREVRANGE', bell, '+', '-', 'COUNT', 1)
  rung = rung[1] and rung[1][1] or '0-0'
  local known = redis.call('HMGET', counts, 'added', 'passed:' .. group, 'vague:' .. group)
  local unseen = tonumber(known[1] or 0) - tonumber(known[2] or 0)
  if unseen ~= 0 or known[3] then
    removed = not known[3] and math.max(0, unseen) or 0
    redis.call('HSET', counts, 'passed:' .. group, known[1] or 0)
    redis.call('HDEL', counts, 'vague:' .. group)
  end
end
if first then
  floor = before(first)
end
if floor ~= redis.call('HGET', groups, group) then
  redis.call('HSET', groups, group, floor)
end
local more = #lot < most and not exhausted and 1 or 0
return { 'ok', more, nextdue(time), last, rung, lost, removed, remade, floor, again, fresh }
