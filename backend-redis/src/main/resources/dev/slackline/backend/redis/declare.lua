-- shift, group, where it starts: '$' (what comes), '0' (what is there) or an id (where it was), a new epoch
local epoch = redis.call('HGET', groups, '.')
if redis.call('HEXISTS', groups, group) == 1 then
  return { epoch, 0 }
end
local start = ARGV[3]
if start ~= '$' and start ~= '0' then
  start = restart(start)
end
creategroup(start)
if not epoch then
  epoch = ARGV[4]
  redis.call('HSET', groups, '.', epoch)
end
redis.call('HSET', groups, group, infos()[group]['last-delivered-id'])
redis.call('HSET', counts, 'left:' .. group, number(servertime()))
if start == '$' then
  redis.call('HSET', counts, 'passed:' .. group, redis.call('HGET', counts, 'added') or 0)
else
  uncounted()
end
return { epoch, 1 }
