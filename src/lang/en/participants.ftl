# participants
action-participants = participants' view
action-facilitator = back to all
action-participants-help = Show exactly what participants see, to project it; once more: everything again
why-facilitator-only = only the facilitator can do that
why-facilitator-halts = only the facilitator can halt: call out, they press Ctrl-X
why-participants-view = this is the participants' view; leave it first
why-whole-view = this is not the participants' view
says-no-participants-view = this screen cannot show the participants' view: it did not see the beginning
participants-view = participants' view
participants-since = for { $span }
participants-load = { $rate }/s sent
participants-dropped = { $rate }/s not sent
participants-preparing = the target is being made ready
participants-preflight = the steady state is being measured; it begins soon
participants-no-go = the steady state does not hold; the facilitator decides
participants-running = watch, repair, and write down what you see: { $key }
participants-held = on hold by { $by }: the exercise clock stands still
participants-halted = halted by { $by }: everything is being put back
participants-closing = the phases are over; the steady state is looked at once more
participants-ended = the exercise is over; the debrief says what it was
participants-pods = { $count ->
    [one] { $pods } is not ready
   *[other] { $count } pods not ready: { $pods }
}
participants-breakers = a breaker is open
participants-incidents = { $count ->
    [one] 1 open incident
   *[other] { $count } open incidents
}
participants-nothing-wrong = every promise is kept, every pod is ready
participants-result = the debrief says what came of it
participants-timeline = { $now }
participants-legend = { " " }· █ sent  ▲ incident  • note  ■ card
