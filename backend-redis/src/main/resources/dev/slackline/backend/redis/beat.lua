-- shift, group, 1 to be counted or 0 to leave, members. By the clock of the server alone
local time = number(servertime())
if redis.call('HEXISTS', groups, group) == 0 then
  return 0
end
for i = 4, #ARGV do
  if ARGV[3] == '1' then
    redis.call('ZADD', members, time, ARGV[i])
  else
    redis.call('ZREM', members, ARGV[i])
  end
end
if ARGV[3] == '0' then
  redis.call('HSET', counts, 'left:' .. group, time)
end
return 1
