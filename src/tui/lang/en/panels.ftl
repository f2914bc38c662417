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
