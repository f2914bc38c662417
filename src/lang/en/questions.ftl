# Questions before an action with consequences: what is asked, what it means, what is wrong with the answer.
question-title = question
ask-on = { $fault } on { $whom }
ask-inject = Inject { $name } now?
ask-inject-late = planned in { $due }; it will not start twice
ask-cancel = Cancel { $name }?
ask-cancel-means = it will not run, and counts as skipped in the report
ask-revert = Revert { $name } now?
ask-revert-hits = hits { $pods }
ask-release = Release the emergency stop: why is it safe?
ask-release-means = load and timeline go on where they were halted
ask-override = Start in spite of the no-go: why?
ask-override-failing = ✗ { $metric } is { $value }, must be { $limit }
ask-load = Set the load to how many requests per second?
ask-load-now = now { $rate }/s; { $key } gives it back to the plan
ask-leave = Leave the screen now?
ask-leave-means = reverting goes on; what could not be undone is listed in the shell
ask-silence = Silence these alerts?
ask-silence-where = at { $server }, while phases run
ask-silence-means = lifted at every end; without this program it ends by itself within { $lasts }
ask-met = Score as met: what did you see?
ask-not-met = Score as not met: what did you see?
ask-skip = End phase { $phase } now?
ask-skip-next = next is { $phase }
ask-skip-last = it is the last one: the exercise closes
ask-skip-skipped = will be skipped: { $faults }
ask-end = End the exercise now?
ask-end-faults = { $count ->
    [0] no fault is active
    [one] 1 fault is active and will be reverted first
   *[other] { $count } faults are active and will be reverted first
}
ask-end-means = the load stops, and the report is written
answer-reason = a reason is needed; it stands in the report
answer-rate = write a number of requests per second, such as 1200
halt-title = emergency stop
halt-ask = { " " }■ HALT ALL?{ " " }
halt-means = The load stops, { $count ->
    [0] no fault is active
    [one] 1 active fault is reverted
   *[other] { $count } active faults are reverted, all at once
},
halt-until-released = and nothing new starts until it is released with a reason.
halt-ends = and the exercise ends, for nothing was begun yet.

# Said to the shell while the program is stopped.
farewell-halted = gameday is halted; no fault is active. fg comes back.
farewell-left = gameday is stopped and these faults are NOT undone:
farewell-fault = { "  " }{ $fault }: { $why }
farewell-slow = { "  " }{ $fault }: undoing takes long
farewell-back = fg goes on undoing them.
