-- Makes wrk send a number of requests and then stop.
-- Arguments: the Authorization header, the method, the path, in which %d stands for the number of a chat,
-- the body, the first number, the number of requests, and the number of different chats.
local path, first, count, distinct
local sent = 0

function init(arguments)
  wrk.headers["Authorization"] = arguments[1]
  wrk.method = arguments[2]
  path = arguments[3]
  if arguments[4] ~= "" then
    wrk.body = arguments[4]
    wrk.headers["Content-Type"] = "application/json"
  end
  first, count, distinct = tonumber(arguments[5]), tonumber(arguments[6]), tonumber(arguments[7])
end

function request()
  if sent == count then
    wrk.thread:stop()
    -- End wrk itself, which otherwise sleeps for its whole duration. It ignores SIGINT during os.execute,
    -- so the signal is sent in the background.
    os.execute("(sleep 0.01; kill -s INT $PPID) &")
  end
  local number = first + sent % distinct
  sent = sent + 1
  return wrk.format(nil, string.format(path, number))
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    'FIGURES {"requests": %d, "failed": %d, "seconds": %f, "p50": %f, "p99": %f, "slowest": %f}', summary.requests,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3))
end
