# panels
# The panes.
pane-all = all
pane-timeline = timeline
pane-slos = SLOs
pane-faults = faults
pane-pods = pods
pane-instruments = instruments
pane-incidents = incidents
pane-log = log
says-hidden = { $pane } hidden; A shows it again

# Faults and pods.
faults-summary = { $live } active, { $planned } planned, { $over } over
faults-stuck = { $count } NOT REVERTED
fault-not-run = not run
fault-in = in { $left }
fault-active = ACTIVE { $age }
fault-left = { $left } left
fault-to-phase-end = to phase end
fault-not-reverted = NOT REVERTED, { $count ->
    [one] 1 try
   *[other] { $count } tries
}: { $why }
fault-reverting = reverting { $age }
fault-try = try { $number }
fault-reverted = reverted after { $age }
fault-undone = reverted
fault-failed = failed
fault-skipped = skipped
fault-armed = armed { $age }
fault-injecting = injecting { $age }
fault-problem = ✗ { $says }
fault-does = does: { $says }
fault-undo = undo: { $says }
fault-hit = hit: { $says }
fault-expected = expected: { $says }
fault-blast = blast radius: { $count ->
    [one] 1 pod
   *[other] { $count } pods
}, risk { $risk }
fault-seen = seen: { $says }
pods-ready = { $ready }/{ $count } ready
pod-ready = ready
pod-starting = starting
pod-not-ready = not ready
pod-dead = dead

# Clusters.
cluster-quiet = no warning, no rollout, no experiment
cluster-experiment = ◂ { $name } { $phase }: { $conditions }
cluster-experiment-others = ◂ { $name } { $phase }, not ours: { $conditions }
cluster-rollout = ⟳ { $name }: { $updated } of { $wanted } new, { $ready } ready
