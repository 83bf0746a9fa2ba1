-- shift, group
local was = redis.call('HDEL', groups, group)
if redis.call('EXISTS', stream) == 1 then
  redis.call('XGROUP', 'DESTROY', stream, group)
end
redis.call('UNLINK', leased, waiting, attempts, lanes, replayed, dead, buried, members, lots, contents, left)
redis.call('HDEL', counts, 'passed:' .. group, 'vague:' .. group, 'left:' .. group)
if was == 1 then
  tidy()
  ring()
end
return was
