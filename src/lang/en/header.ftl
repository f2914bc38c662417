# header
stage-preparing = PREPARING
stage-no-go = NO-GO
stage-ended = ENDED
stage-halted = HALTED
stage-preflight = PREFLIGHT
stage-closing = CLOSING
stage-held = HELD
stage-running = RUNNING
too-small = This window is { $width }×{ $height }. gameday needs { $leastWidth }×{ $leastHeight }: please make it larger. The exercise goes on; Ctrl-X halts all.
too-small-halting = HALT ALL? Ctrl-X or Enter halts.
header-exercise = exercise
header-lab-fragile = lab fragile
header-lab-without = lab without { $defences }
header-phase = phase { $number }/{ $count }
header-left = { $left } left
header-phases = { $count ->
    [one] 1 phase, { $length }
   *[other] { $count } phases, { $length }
}
header-load = { " " }load
header-load-none = { " " }no load
header-load-problem = { " " }✗ NO LOAD: { $value }
header-load-asked = { $value }/s asked
header-load-sent = { $value }/s sent
header-load-dropped = ✗ { $value }/s DROPPED
header-load-no-data = no data yet
header-load-by-hand = (by hand, { $value } gives it back)

# What comes next.
next-in = NEXT in { $left }
next-in-after = NEXT { $left } after resuming
then-in = then in { $left }
next-phase = phase { $phase }
next-phase-load = phase { $phase } at { $load }
next-closes = the exercise closes
next-card = card for { $team }: { $text }
card-for-all = everyone

# What is in the way of it.
news-not-recording = ✗ NOT RECORDING, nothing is lost: { $why }
news-preparing = the target is being made ready
news-preflight = measuring the steady state before the first phase, since { $since }
news-halting = halting
news-suspending = undoing, then suspending: { $left } · at most { $most }
news-no-go-keys = { $go } starts anyway, { $quit } ends
news-halted-keys = { $release } releases, { $quit } ends
news-halted-wait = { $quit } ends, release with { $release } once all is reverted
news-reverting = { $count ->
    [0] no fault is active
    [one] 1 fault is still being reverted
   *[other] { $count } faults are still being reverted
}
news-halted-by = halted by { $who }
news-held = held { $since } by { $who }
news-closing = { $count ->
    [0] no fault is active; looking at the steady state once more
   *[other] reverting { $count } more, then looking at the steady state
}
news-to-score = { $count ->
    [one] { $key } scores 1 objective
   *[other] { $key } scores { $count } objectives
}
news-ended-keys = { $write } writes, { $quit } leaves
outcome-completed = every phase ran
outcome-ended-early = ended early
outcome-halted = halted and not taken up again
outcome-not-started = never started
outcome-died = the program died

# What is broken.
broken = BROKEN
broken-nothing = nothing is broken: { $slos ->
    [0] no SLO measured
    [one] 1 SLO kept
   *[other] { $slos } SLOs kept
}, all { $pods } pods ready, no fault active
broken-unknown = – no data about the target yet
broken-guardrail = guardrail { $rule }
broken-guardrail-short = guardrail
broken-not-reverted = { $fault } NOT REVERTED
broken-reverting = { $fault } reverting
broken-injecting = { $fault } starting
broken-fault-left = { $fault } { $left } left
pods-dead = { $pods } dead
pods-dead-count = { $count ->
    [one] 1 pod dead
   *[other] { $count } pods dead
}
pods-not-ready = { $pods } not ready
pods-not-ready-count = { $count ->
    [one] 1 pod not ready
   *[other] { $count } pods not ready
}
pods-starting = { $pods } starting
pods-starting-count = { $count ->
    [one] 1 pod starting
   *[other] { $count } pods starting
}
breaker-open = breaker { $breaker } open
breakers-open = { $count ->
    [one] 1 breaker open
   *[other] { $count } breakers open
}
slos-kept = { $count ->
    [one] the SLO is kept
   *[other] all SLOs kept
}
