-- shift, group, what, then: 'list', after, how many; 'show', message; 'last'; 'replay' or 'drop', messages;
-- 'replay-first' or 'drop-first', last, how many
if redis.call('HEXISTS', groups, group) == 0 then
  return { 'undeclared', redis.call('HGET', groups, '.') or '' }
end
local what = ARGV[3]

local function split(ats)
  local all = {}
  for at in string.gmatch(ats or '', '%S+') do
    all[#all + 1] = at
  end
  return all
end

local function forget(at, message)
  redis.call('XDEL', dead, at)
  local rest = {}
  for _, other in ipairs(split(redis.call('HGET', buried, message))) do
    if other ~= at then
      rest[#rest + 1] = other
    end
  end
  if #rest > 0 then
    redis.call('HSET', buried, message, table.concat(rest, ' '))
  else
    redis.call('HDEL', buried, message)
  end
end

local function each(entries)
  for _, entry in ipairs(entries) do
    if string.sub(what, 1, 6) == 'replay' then
      enter(entry[2])
    end
    local message
    for i = 1, #entry[2], 2 do
      if entry[2][i] == 'message-id' then
        message = entry[2][i + 1]
      end
    end
    forget(entry[1], message or '')
  end
  return #entries
end

if what == 'list' then
  local from = '-'
  if ARGV[4] ~= '' then
    local ats = split(redis.call('HGET', buried, ARGV[4]))
    if #ats == 0 then
      return { 'ok', {} }
    end
    from = '(' .. ats[#ats]
  end
  return { 'ok', redis.call('XRANGE', dead, from, '+', 'COUNT', ARGV[5]) }
end
if what == 'show' then
  local ats = split(redis.call('HGET', buried, ARGV[4]))
  return { 'ok', #ats > 0 and redis.call('XRANGE', dead, ats[#ats], ats[#ats]) or {} }
end
if what == 'last' then
  local last = redis.call('XREVRANGE', dead, '+', '-', 'COUNT', 1)
  return { 'ok', last[1] and last[1][1] or '' }
end
local done = 0
if what == 'replay' or what == 'drop' then
  for i = 4, #ARGV do
    for _, at in ipairs(split(redis.call('HGET', buried, ARGV[i]))) do
      done = done + each(redis.call('XRANGE', dead, at, at))
    end
  end
else
  done = each(redis.call('XRANGE', dead, '-', ARGV[4], 'COUNT', ARGV[5]))
end
if done > 0 and string.sub(what, 1, 6) == 'replay' then
  ring()
end
return { 'ok', done }
