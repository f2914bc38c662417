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

# 障害と Pod
faults-summary = 動作中 { $live }、予定 { $planned }、完了 { $over }
faults-stuck = 復元失敗 { $count }
fault-not-run = 未実行
fault-in = { $left } 後
fault-active = 動作中 { $age }
fault-left = 残り { $left }
fault-to-phase-end = フェーズ終了まで
fault-not-reverted = 復元失敗 ({ $count } 回): { $why }
fault-reverting = 復元中 { $age }
fault-try = { $number } 回目
fault-reverted = 復元済 ({ $age } 間)
fault-undone = 復元済
fault-failed = 注入失敗
fault-skipped = スキップ
fault-armed = 準備中 { $age }
fault-injecting = 注入中 { $age }
fault-problem = ✗ { $says }
fault-does = 内容: { $says }
fault-undo = 復元: { $says }
fault-hit = 対象: { $says }
fault-expected = 期待: { $says }
fault-blast = 影響範囲: Pod { $count } 個、リスク { $risk }
fault-seen = 確認: { $says }
pods-ready = { $ready }/{ $count } 正常
pod-ready = 正常
pod-starting = 起動中
pod-not-ready = 応答不可
pod-dead = 停止

# クラスター。
cluster-quiet = 警告、ロールアウト、実験なし
cluster-experiment = ◂ { $name } { $phase }: { $conditions }
cluster-experiment-others = ◂ { $name } { $phase }、この演習のものではない: { $conditions }
cluster-rollout = ⟳ { $name }: { $wanted } 個中 { $updated } 個が新版、{ $ready } 個が正常
