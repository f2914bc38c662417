# The history of a game day.
history-heading = History of a game day
history-of = History of { $name }
history-drills = Drills only; real incidents are shown by --real.
history-real = Real incidents only, no drills.
history-trends = Where it goes
history-changes = What changed in between
history-times = How long people took
history-others = What else was counted
history-chart = Median times, exercise after exercise
history-chart-says = A line joins what trends count. A larger ring stands for an exercise that they do not count.
history-first-last = { $first } at first, { $last } at last
history-times-say = Median / mean, without holds, of so many single times that there are of so many that there might be. What nobody detected, acknowledged, mitigated or resolved has no time: where more of it is missed, the rest may look faster.
history-signs-say = One sign for each exercise, from its least to its most; × is not counted, · has no data.
history-trend-says = Slope: the median change from one exercise to the next, over all pairs (Theil–Sen). Better or worse is only what goes beyond noise, as in comparisons, and beyond chance (Mann–Kendall, z of 1.645: by chance in one case of ten). Fewer than four exercises show nothing. Exercises count that ran to their end with the same target, defences, phases, injections, length (up to a tenth) and attendance as the latest one; objectives and SLOs count only where they were the same, too.

history-col-number = No.
history-col-counted = In trends
history-col-what = What
history-col-signs = Exercises
history-col-trend = Trend
history-col-slope = From one exercise to the next
history-col-counted-of = Exercises that count
history-col-time = { $kind }, median / mean

history-row-objectives-met = Objectives met
history-row-improvements-open = Improvements open
history-row-improvements-repeated = Improvements repeated

history-answer-better = better
history-answer-worse = worse
history-answer-no-trend = no trend
history-answer-too-few = too few exercises
history-why-noise = within noise
history-why-chance = may be chance

history-left-ending = no: did not run to its end
history-left-real-incident = no: a real incident ended it
history-left-target = no: other target
history-left-defences = no: other defences of the lab
history-left-phases-and-injections = no: other phases or injections
history-left-length = no: other length
history-left-attended = no: attended or not
