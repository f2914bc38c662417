# panels
# ペイン
pane-all = 全体
pane-timeline = タイムライン
pane-slos = SLO
pane-faults = 障害
pane-pods = Pod
pane-instruments = 計器
pane-incidents = インシデント
pane-log = ログ
says-hidden = { $pane }を隠した。A で再び表示
