-- shift, group, our consumer if it leaves, silence after which a consumer that holds nothing is forgotten
tidy()
local consumers = redis.pcall('XINFO', 'CONSUMERS', stream, group)
if consumers.err then
  return 0
end
for _, flat in ipairs(consumers) do
  local info = {}
  for i = 1, #flat, 2 do
    info[flat[i]] = flat[i + 1]
  end
  if info.pending == 0 and (info.name == ARGV[3] or info.idle > tonumber(ARGV[4])) then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, info.name)
  end
end
return 1
