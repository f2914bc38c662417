# What goes to the terminal besides the picture: its title, calls, the clipboard; and what went wrong.
title-live = gameday { $sign } { $stage } · { $name }
call-halted = HALTED by { $who }: { $why }
call-incident = Incident { $severity }: { $title }
action-copy = copy
action-copy-help = Copy a line to the clipboard: the selected fault, incident or log line, where the report is, or how things stand
says-copied = copied, where the terminal allows it: { $text }
