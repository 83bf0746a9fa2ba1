-- shift, group, attempt or 0 for a dead letter, message, then the fields of its entry. Answers whether it was new
if redis.call('HEXISTS', groups, group) == 0 then
  return { 'undeclared', redis.call('HGET', groups, '.') or '' }
end
local attempt, message = tonumber(ARGV[3]), ARGV[4]
local fields = { unpack(ARGV, 5) }
if redis.call('HEXISTS', buried, attempt == 0 and message or trace(message)) == 1 then
  return { 'ok', 0 }
end
if attempt == 0 then
  redis.call('HSET', buried, message, redis.call('XADD', dead, '*', unpack(fields)))
  return { 'ok', 1 }
end
local handle = enter(fields)
if attempt > 1 then
  redis.call('HSET', attempts, handle, attempt)
end
redis.call('HSET', buried, trace(message), 1)
ring()
return { 'ok', 1 }
