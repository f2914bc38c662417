# Promises, their charts, and the instruments.
slo-none = the game day promises nothing
slo-over = over { $window }
slo-over-columns = over { $window }, a column is { $column }
slo-guardrail = ▲ GUARDRAIL { $rules }
slo-breached = BREACHED
slo-kept = kept
slo-budget-left = budget { $share } left
slo-budget-spent = budget SPENT { $times }
slo-burn = burn { $rates }
slo-burn-fast = ▲ FAST BURN
slo-burn-slow = ▲ SLOW BURN
slo-burn-most = at most { $times }
slo-below = { $value } below
slo-above = { $value } above
slo-over-by = { $value } OVER
slo-under-by = { $value } UNDER
slo-outside = outside { $count }×, { $time }
slo-log = log scale
chart-no-data = no data yet
inside-degraded = degraded
inside-failed = failed
inside-cache = cache hits
inside-replica = replica lag
inside-connections = connections
inside-queue = queue
inside-stand-ins = stand-ins
inside-retries = second tries
inside-more = + { $count } more
inside-breaker-open = ○ OPEN { $open }/{ $count }
inside-breaker-closed = ● closed
inside-breaker-silent = – no data
inside-breaker-opened = opened { $count }×
inside-failover = ⇄ { $count ->
    [one] 1 failover
   *[other] { $count } failovers
}, last to { $to } in { $took }
inside-not-compared = ✗ data not compared: { $why }
inside-data = { $sign } data: { $missing } missing, { $extra } extra, { $changed } changed; { $lost } of { $all } orders lost
inside-auth-failures = authentication failures { $count }
inside-cached-auth = cached authentications { $count }
inside-forbidden = forbidden { $count }
inside-escalations = ESCALATIONS { $count }
inside-tls-errors = TLS errors { $count }
inside-renewal-attempts = renewal attempts { $count }
inside-rate-limited = rate-limited { $count }
inside-shed = shed { $count }
