-- shift, group, tokens: what was lent under them has reached nobody; it goes back and burns no attempt
local lent = {}
local back = 0
for i = 3, #ARGV do
  lent[ARGV[i]] = true
  if redis.call('ZSCORE', lots, ARGV[i]) then
    for _, handle in ipairs(endlot(ARGV[i])) do
      redis.call('ZADD', waiting, 0, handle)
      back = back + 1
    end
  end
end
for _, member in ipairs(redis.call('ZRANGE', leased, 0, -1)) do
  local handle, token = string.match(member, '^(%S+) (%S+)$')
  if lent[token] then
    redis.call('ZREM', leased, member)
    redis.call('ZADD', waiting, 0, handle)
    back = back + 1
  end
end
if back > 0 then
  ring()
end
return back
