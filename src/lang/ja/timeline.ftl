# timeline
timeline-of = { $now } / { $end }
timeline-zoom = { " " }· 現在付近を { $factor } 倍
timeline-zoom-pinned = { " " }· { $factor } 倍、. で現在へ
timeline-legend = { " " }· █ 実績  ░ 計画  ● 障害  ▲ インシデント  • メモ  □ カード
lane-load = 負荷/s
lane-faults = 障害
lane-incidents = インシデント
lane-people = 対応
lane-notes = カード
lane-slos = SLO
timeline-legend-short = { " " }· █ 実績  ░ 計画
timeline-afterwards = {" · ◆ 後から追加"}
