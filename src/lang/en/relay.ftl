# What is passed on to others in the middle of an incident.
action-status-update = status update
action-status-update-help = Write a status update for customers or chat, from how things stand; it is copied and logged
ask-update = Status update: this is how things stand. What will you say?
ask-update-means = Enter copies it and writes it into the log of { $team }. Say when you will tell more.
answer-update-empty = nothing is written
answer-update-long = at most { $most } characters
answer-update-template = your own template is wrong, this is ours: { $why }
says-update-copied = the status update is copied, where the terminal allows it, and logged
