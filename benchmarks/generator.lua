-- What wrk asks for: kept pictures one after the other and, for one in `every` requests, one that nobody asked for before.
-- wrk -s generator.lua URL -- KEPT FRESH EVERY: two files with a path on each line; EVERY 0 means kept pictures only.
local kept, fresh, every, asked, taken = {}, {}, 0, 0, 0

local function lines(name)
  local found = {}
  for line in io.lines(name) do found[#found + 1] = line end
  return found
end

function init(args)
  kept, fresh, every = lines(args[1]), lines(args[2]), tonumber(args[3])
end

function request()
  asked = asked + 1
  if every > 0 and asked % every == 0 and taken < #fresh then
    taken = taken + 1
    return wrk.format("GET", fresh[taken], { ["Accept"] = "image/webp,*/*" })
  end
  return wrk.format("GET", kept[asked % #kept + 1], { ["Accept"] = "image/webp,*/*" })
end

function done(summary, latency, requests)
  local errors = summary.errors
  local wrong = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    "RESULT %d %d %d %d %d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), wrong))
end
