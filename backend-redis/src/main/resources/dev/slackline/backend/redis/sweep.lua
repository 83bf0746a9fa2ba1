-- shift, group: what has come due may be had
local time = servertime() + ARGV[1]
local promoted = promote(time)
if promoted > 0 then
  ring()
end
return { promoted, nextdue(time) }
