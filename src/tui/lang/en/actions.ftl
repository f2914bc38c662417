# Actions: in one or two words for the footer, and in a sentence for the help.
action-halt = HALT ALL
action-halt-help = Emergency stop, from everywhere: load off, every fault reverted, nothing new starts
action-release = release
action-release-help = Release the emergency stop, with a reason
action-override = go anyway
action-override-help = Start in spite of a no-go, with a reason
action-type = write log
action-type-help = Write to the log; !2 and a title opens an incident
action-hold = hold
action-resume = resume
action-hold-help = Stop the exercise clock, or let it go on; meanwhile active faults keep running out, load stays
action-select-next = next fault
action-select-next-help = Select the next injection
action-select-previous = fault before
action-select-previous-help = Select the injection before
action-inject = inject
action-inject-help = Inject the selected fault now instead of at its time
action-revert = revert
action-revert-help = Revert the selected fault now
action-delay = delay
action-delay-help = Delay the selected injection by a tenth of its phase, at most a minute
action-cancel = cancel
action-cancel-help = Take the selected injection out of the exercise
action-skip-phase = next phase
action-skip-phase-help = End this phase now; its injections that have not started are skipped
action-extend = extend
action-extend-help = Give this phase a tenth more time, at most a minute
action-load-up = load +10%
action-load-up-help = Raise the load by 10 %
action-load-down = load -10%
action-load-down-help = Lower the load by 10 %
action-load-set = set load
action-load-set-help = Set the load in requests per second
action-load-plan = load by plan
action-load-plan-help = Give the load back to the plan
action-objectives = objectives
action-objectives-help = Show the objectives and score those that nothing measures
action-log-back = log back
action-log-back-help = Scroll the log back
action-log-forward = log forward
action-log-forward-help = Scroll the log forward, to the newest at last
action-palette = do …
action-palette-help = Find any action by its name, or do something to the target as a team: scale, restart, promote, …
action-instruments = instruments
action-instruments-help = Show breakers, cache, replica, queue and security, or what else stands there
action-help = help
action-help-help = Show every key
action-quit = quit
action-quit-help = End the exercise (every fault is reverted), or leave when it has ended
action-suspend = to the shell
action-suspend-help = To the shell, as soon as everything is undone; fg comes back

# The log's line.
action-write = write
action-write-help = Write the line to the log
action-next-team = team
action-next-team-help = For the next team
action-previous-team = team before
action-previous-team-help = For the team before
action-stop-writing = stop writing
action-stop-writing-help = Stop writing; what is typed stays
action-undo = undo
action-undo-help = Undo the last change of what is typed
action-redo = redo
action-redo-help = Redo it
action-delete-word = delete word
action-delete-word-help = Delete the word before the cursor
action-delete-to-end = delete to end
action-delete-to-end-help = Delete from the cursor to the end of the line
action-line-start = line start
action-line-start-help = To the start of the line
action-line-end = line end
action-line-end-help = To the end of the line

# The palette.
action-choose = do it
action-choose-help = Do the chosen line, or pull the lever that is typed
action-complete = complete
action-complete-help = Complete the word
action-choice-down = next
action-choice-down-help = The next line
action-choice-up = before
action-choice-up-help = The line before
action-close-palette = back
action-close-palette-help = Back to the screen; what is typed stays

# What lies over the screen.
action-overlay-down = down
action-overlay-down-help = A line further
action-overlay-up = up
action-overlay-up-help = A line back
action-overlay-page-down = page down
action-overlay-page-down-help = A page further
action-overlay-page-up = page up
action-overlay-page-up-help = A page back
action-score-met = met
action-score-met-help = Score the chosen objective as met, with a reason
action-score-not-met = not met
action-score-not-met-help = Score it as not met, with a reason
action-close = close
action-close-help = Back to the screen

# Questions.
action-confirm = yes
action-confirm-help = Yes; or take the answer that is typed
action-decline = no
action-decline-help = No; back to the screen
action-confirm-halt = halt now
action-confirm-halt-help = Halt all, now
action-decline-halt = back
action-decline-halt-help = Do not halt; any other key does this too

# Layers, as titles of the help.
layer-screen = Keys
layer-typing = In the log's line
layer-palette = In the palette
layer-help = In the help
layer-objectives = In the objectives
layer-question = In a question
layer-answer = In a question with an answer
layer-halting = When asked whether to halt

# What can be typed in the log's line.
typed-incident = open an incident, SEV1 to SEV5
typed-ack = acknowledge; the number may be left out while one is open
typed-next = the same for the next steps
typed-resolve = resolve, with a note
typed-false = false alarm, duplicate
typed-about = a note to an incident
typed-lesson = a lesson for the report
typed-note = anything else is a note; a blank in front makes it one in any case

# The table of keys in documents.
table-keys = Keys
table-action = Action
table-does = What it does
table-where = Where
place-all = everywhere
place-launcher = launcher
place-briefing = briefing
place-live = exercise
place-debrief = debrief
place-report = report

# The help, the palette, and the line's hint.
help-title = help
help-more = { $down } for more, { $close } closes
help-close = { $close } closes
palette-title = do
palette-hint = an action by its name, or a lever
palette-not-now = not now: { $why }
palette-again = pulled before
palette-pull = pull it
does = { $key }: { $what }
press-to-write = press { $key } to write to the log

# Why something cannot be done now.
why-not-begun = no phase has begun yet
why-phases-over = the phases are over
why-is-halted = everything is halted; release it first
why-has-ended = the exercise has ended
why-already-halted = already halted
why-nothing-to-go-on = the phases are over; there is nothing to go on with
why-not-halted = nothing is halted
why-not-all-reverted = not every fault is reverted yet
why-no-no-go = there is no no-go to override
why-clock-runs = the clock runs
why-no-phase = no phase runs
why-no-load = there is no load to change
why-load-as-planned = the load follows the plan
why-no-faults = the game day has no faults
why-no-objectives = the game day has no objectives
why-target-not-ready = the target is being made ready
why-log-empty = the log is empty
why-no-longer-planned = the selected injection is no longer planned
why-nothing-active = nothing of the selected injection is active
action-not-now = { $action }: { $why }
action-asks-first = { $help } (asks first)
action-cannot = { $help } (not now: { $why })

# Said after a key.
says-halting = halting: load off, every fault is being reverted
says-not-halted = not halted
says-no-such-chord = { $keys } means nothing here
says-lever = { $lever }: being done
says-measured = this objective is measured; only unmeasured ones are scored by hand
