# Themes.
action-themes = themes
action-themes-help = Choose how the screen looks; moving the choice shows it at once
action-keep-theme = keep
action-keep-theme-help = Keep the chosen theme, also for the next start
layer-themes = In the themes
themes-title = themes
themes-back = back
why-one-theme = there is no theme to choose
says-theme-kept = theme { $name } is kept
