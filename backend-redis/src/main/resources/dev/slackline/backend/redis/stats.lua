-- shift, group, for how long a member counts after its last sign of life
if redis.call('HEXISTS', groups, group) == 0 then
  return { 'undeclared', redis.call('HGET', groups, '.') or '' }
end
local clock = servertime()
local time = clock + ARGV[1]
local info = infos()[group] or { pending = 0, ['last-delivered-id'] = redis.call('HGET', groups, group) }
local known = redis.call('HMGET', counts, 'added', 'passed:' .. group, 'left:' .. group)
local unread = math.max(0, tonumber(known[1] or 0) - tonumber(known[2] or 0))
local inflight = redis.call('ZCOUNT', leased, '(' .. number(time), '+inf')
for _, token in ipairs(redis.call('ZRANGEBYSCORE', lots, '(' .. number(time), '+inf')) do
  inflight = inflight + (redis.call('HGET', contents, '#' .. token) or 0)
end
local delayed = redis.call('ZCOUNT', waiting, '(' .. number(time), '+inf')
local passed = info.pending + redis.call('XLEN', replayed)

local times = {}
local function oldest(entry)
  if entry then
    for i = 1, #entry[2], 2 do
      if entry[2][i] == 'at' then
        times[#times + 1] = entry[2][i + 1]
        return
      end
    end
    times[#times + 1] = string.match(entry[1], '^%d+')
  end
end
if redis.call('EXISTS', stream) == 1 and info.name then
  local pending = redis.call('XPENDING', stream, group, '-', '+', 1)[1]
  if pending then
    oldest(redis.call('XRANGE', stream, pending[1], pending[1])[1])
  end
  oldest(redis.call('XRANGE', stream, '(' .. info['last-delivered-id'], '+', 'COUNT', 1)[1])
end
oldest(redis.call('XRANGE', replayed, '-', '+', 'COUNT', 1)[1])

local present = redis.call('ZCOUNT', members, number(clock - ARGV[3]), '+inf')
local beat = redis.call('ZREVRANGE', members, 0, 0, 'WITHSCORES')[2]
local left = math.max(tonumber(beat or 0), tonumber(known[3] or 0))
return {
  'ok', unread + passed - inflight - delayed, inflight, delayed, redis.call('XLEN', dead), present, left, times
}
