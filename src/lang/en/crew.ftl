# Suggestions, incidents, the score board, cards and hints, roles, a real incident.
action-seen-card = seen
action-seen-card-help = Say that your team has seen the card
action-open-suggested = open incident
action-open-suggested-help = Open an incident from what was measured: the chosen suggestion, else the oldest, for the team that types
action-set-aside = no incident
action-set-aside-help = Set the suggestion aside: it needs no incident
action-incidents = incident list
action-incidents-help = List suggestions and incidents, with everything known of each
action-link = what is behind
action-link-help = Say what is behind the chosen incident: an injection, a discovery, or nothing
action-board = score board
action-board-help = Show how fast each team was on each injection; participants see how they stand where the facilitator shows it
action-show-board = show teams / hide
action-show-board-help = Show the teams how they stand on what is over, without saying what it was, or show it no more
action-next-kind = next page
action-next-kind-help = The next kind of times, then the counts
action-teams-left = teams before
action-teams-left-help = Show the teams to the left
action-teams-right = more teams
action-teams-right-help = Show the teams to the right
action-deck = cards, hints
action-deck-help = Draw a card, give a hint, and see who has seen which card
action-give = draw or give
action-give-help = Draw the chosen card, or give the next hint
action-crew = people
action-crew-help = Show people, teams and roles, and hand roles over
action-assign = hand over
action-assign-help = Hand the chosen role over, or give the chosen person another team
action-add-person = new person
action-add-person-help = Let one more person take part
action-add-team = new team
action-add-team-help = Let one more team take part
action-take = take
action-take-help = Take the chosen line
action-declare-real = REAL INCIDENT
action-declare-real-help = Something real happened: everything is reverted, and the screen goes on as a watch
action-confirm-real = it is real
action-confirm-real-help = It is no exercise any more
layer-incidents = In the incident list
layer-board = On the score board
layer-deck = Among cards and hints
layer-crew = Among people
layer-choosing = In a choice
layer-declaring = When asked whether it is real

why-no-suggestion = nothing that was measured asks for an incident
why-no-suggestion-chosen = no suggestion is chosen
why-no-incidents = there is no incident, and nothing asks for one
why-no-incident-chosen = no incident is chosen
why-no-standings = the facilitator does not show how the teams stand
why-no-effect = no injection has taken effect yet
why-no-more-teams = there are no more teams on that side
why-no-cards = the game day has no cards and no hints
why-nothing-to-give = it was shown already; choose a card of the deck, or hints
why-drawn = that card was drawn already
why-no-more-hints = every hint for it was given
why-no-card-waits = no card waits for this team
why-is-real = something real happened: this is no exercise any more
says-opened = opening: { $title }
says-real = everything is being reverted; this is no exercise any more

suggested = suggested
suggested-likely = likely { $fault }
suggested-since = since { $at } of the exercise
suggested-count = { $count ->
    [one] 1 suggestion, { $key } opens it
   *[other] { $count } suggestions, { $key } opens the oldest
}

incident-age = { $age } old
incident-age-held = { $age } old, and { $held } on hold
incident-opened-at = opened
incident-written-later = written down later by
incident-noticed = noticed
incident-behind = behind it
incident-same-as = same as
incident-people = called
incident-tags = about
incident-moves = then
incident-was = before
noticed-person = by { $what }
noticed-slo = by an alert: SLO { $what }
noticed-guardrail = by an alert: guardrail { $what }
noticed-pods = by an alert: dead pods of { $what }
behind-said = { $fault }, says the facilitator
behind-likely = { $fault }, by time and target
behind-discovery = a discovery: real, and nobody injected it
behind-unknown = no injection, and nothing is known of it
behind-nothing = no injection: false alarm or discovery? say which
commanded = commander { $name }
away = away

board-title = score board
board-undetected = { $count ->
    [0] every injection was detected
    [one] 1 injection not detected
   *[other] { $count } injections not detected
}
board-is-shown = ▣ the teams are shown how they stand on what is over
board-is-hidden = □ the teams are not shown this
standings-title = how the teams stand
standings-legend = means without holds, of faults that are over
standings-none = the facilitator shows no standings at the moment
standings-team = team
standings-noticed = noticed
standings-cost = hints cost
board-legend = without holds   ✓ target kept   ✗ missed   ★ first to detect   – none
board-teams = teams { $from } to { $to } of { $all }
board-all = all teams
board-detect = TTD detect
board-acknowledge = TTA acknowledge
board-mitigate = TTM mitigate
board-resolve = TTR resolve
board-mean = mean
board-median = median
board-counts = counts
board-first = detected first
board-not-detected = not detected
board-false-alarms = false alarms
board-discoveries = discoveries
board-unexplained = unexplained
board-duplicates = duplicates
board-hints = hints
board-hints-cost = { $hints } (−{ $cost })
board-cards = cards waiting
board-nothing = no injection has taken effect yet
board-did-not = did not detect it
board-was-first = first
board-with-holds = { $total } with holds
board-kept = kept
board-missed = missed

deck-title = cards and hints
deck-waiting = { $count ->
    [0] every card was seen
    [one] 1 card waits
   *[other] { $count } cards wait
}
deck-drawn = drawn
deck-not-drawn = in the deck
deck-away = { $name } is away from then on
deck-hints = hints { $given }/{ $all }
hint-next = hint { $number }{ $cost ->
    [0] {""}
   *[other] {" "}(costs { $cost })
}
hint-given = given to { $to } at { $at }
card-seen = card { $number } seen
card-waits = card { $number } waits
card-seen-by = seen by
card-waits-for = waits for
card-title = CARD { $number } for { $to }
card-press = press { $key } when your team has seen it

choose-title = choose
choose-cause = What is behind { $what }?
choose-card = Who gets the card { $what }?
choose-hint = Who gets the next hint for { $what }?
choose-role = Who is { $what } from now on?
choose-team = Which team is { $what } in?
choose-now = now { $who }
choose-no-team = no team
choose-typed = somebody else: type a name
choose-back = no, do not give it
choose-sure = yes, give it: it costs { $cost }

crew-title = people
crew-nobody = nobody
crew-by-plan = by the game day
crew-since = since { $at }, says { $by }
crew-until = until { $at }

stage-real = REAL INCIDENT
real-title = real incident
real-asks = { " " }▲ REAL INCIDENT?{ " " }
real-undone = { $count ->
    [0] The load stops, and nothing is injected any more.
    [one] The load stops, 1 active fault is reverted, and nothing is injected any more.
   *[other] The load stops, { $count } active faults are reverted, and nothing is injected any more.
}
real-means = It cannot be taken back: from then on this is no exercise. Panes, log and incidents go on as a watch.
real-now = { " " }THIS IS NO EXERCISE ANY MORE{ " " }
real-by = says { $by }
real-ends = { $key } ends the watch

ask-holder-means = whoever had the role hands it over
ask-person = Who takes part?
ask-person-means = a name, and behind it the team, if any: ada sre
ask-team = Which team takes part?
ask-team-means = its name
answer-name = a name is needed
