# watching a real system
stage-watch = WATCH
slo-shown = shown
pane-alerts = alerts
pane-budgets = error budgets
pane-panels = panels
watch-source = asking
watch-alerts = alerts from
watch-since = watching for { $since }
watch-queries = { $panels ->
    [one] 1 query
   *[other] { $panels } queries
}
watch-silent = ✗ { $silent } of { $panels } queries without current data
watch-all-silent = ✗ NO CURRENT DATA
watch-begins = the first answers are on their way
watch-keys = { $write } writes to the log, { $leave } leaves the watch open, { $quit } ends it
watch-no-alert = no alert fires
watch-alerts-unknown = alerts not known
watch-nothing = nothing is broken: { $slos ->
    [0] no SLO measured
    [one] 1 SLO kept
   *[other] { $slos } SLOs kept
}, { $alerts }
watch-firing = alert { $alerts }
watch-firing-count = { $count ->
    [one] 1 alert
   *[other] { $count } alerts
}
watch-burning = budget { $service } burns
alerts-summary = { $firing } firing, { $pending } pending, { $silenced } silenced
alerts-unknown = not known since { $since }: { $why }
alerts-asking = asking
alerts-of-nobody = nobody is asked for alerts: --alertmanager names a server
alerts-none = no alert fires
alerts-more = { $count } more
alert-firing = firing
alert-pending = pending
alert-silenced = silenced
budgets-none = No service with a budget is watched: watch files, OpenSLO and Sloth files name them (--file).
budgets-burning = { $count } burning
budget-promise = { $share } over { $period }
budget-gone = at this rate gone in { $left }
budget-burns = burns
budget-page = { " " }PAGE
budget-ticket = { " " }ticket
budget-session = this watch { $share }
panels-none = every panel is a chart
noticed-alert = by the alert { $what }
why-is-watch = this is a watch over a real system: nothing here is touched
lane-alerts = alerts
watch-timeline = { $shown } · ▲ alert, incident  • note  █ outside  ? no data
ask-end-watch = End the watch?
ask-end-watch-means = its log is closed, and the report is written
ask-end-watch-instead = Q leaves it open instead: gameday watch --resume takes it up again
action-leave-watch = leave open
action-leave-watch-help = leave the watch without ending it; gameday watch --resume takes it up again
why-no-watch = this is no watch
offering-title = What { $place } offers
offering-says = Panels by the metrics that are there. Those that are marked are watched; a limit makes a promise of one.
offering-panels = panels
offering-count = { $taken } of { $all } are watched
offering-query = query
offering-limit = limit, as >= 99.9% or <= 300ms
offering-other-query = query
offering-file = file
offering-none = nothing is marked: mark something with the space bar
offering-keys = Enter watch  Space mark  a all  l limit  e query  s save to a file  q leave
offering-typing-keys = Enter take  Esc back
