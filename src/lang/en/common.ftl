# Said in more than one part of the screen.
no-data = no data
faults-left = { $count ->
    [one] 1 fault is left
   *[other] { $count } faults are left
}
