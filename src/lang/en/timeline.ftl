# timeline
timeline-of = { $now } of { $end }
timeline-zoom = { " " }· ×{ $factor } around now
timeline-zoom-pinned = { " " }· ×{ $factor }, . goes to now
timeline-legend = { " " }· █ sent  ░ planned  ● fault  ▲ incident  • note  □ card
lane-load = load/s
lane-faults = faults
lane-incidents = incidents
lane-people = people
lane-notes = cards, notes
lane-slos = SLOs
timeline-legend-short = { " " }· █ sent  ░ planned
timeline-afterwards = {" · ◆ added afterwards"}
