# header
stage-preparing = 準備中
stage-no-go = NO-GO
stage-ended = 終了
stage-halted = 全停止
stage-preflight = 事前確認
stage-closing = 終了処理
stage-held = 一時停止
stage-running = 実行中
too-small = この画面は { $width }×{ $height }。gameday には { $leastWidth }×{ $leastHeight } 以上が必要なので広げてください。演習は続いています。Ctrl-X で全停止。
too-small-halting = 全停止しますか? Ctrl-X か Enter で実行。
header-exercise = 演習
header-lab-fragile = ラボ 防御なし
header-lab-without = ラボ { $defences } なし
header-phase = フェーズ { $number }/{ $count }
header-left = 残り { $left }
header-phases = { $count } フェーズ、{ $length }
header-load = { " " }負荷
header-load-none = { " " }負荷なし
header-load-problem = { " " }✗ 負荷なし: { $value }
header-load-asked = 計画 { $value }/s
header-load-sent = 実績 { $value }/s
header-load-dropped = ✗ 取りこぼし { $value }/s
header-load-no-data = まだデータなし
header-load-by-hand = (手動。{ $value } で計画に戻す)

# 次に起きること
next-in = 次 { $left } 後
next-in-after = 次 再開の { $left } 後
then-in = 続いて { $left } 後
next-phase = フェーズ { $phase }
next-phase-load = フェーズ { $phase } ({ $load })
next-closes = 演習が終わる
next-card = { $team } へのカード: { $text }
card-for-all = 全員

# それを妨げるもの
news-not-recording = ✗ 記録できない。失われたものはない: { $why }
news-preparing = 対象を準備中
news-preflight = 最初のフェーズの前に定常状態を測定中 ({ $since })
news-halting = 全停止中
news-suspending = 元に戻してから中断する: { $left } · 最大 { $most }
news-no-go-keys = { $go } で強行開始、{ $quit } で終了
news-halted-keys = { $release } で解除、{ $quit } で終了
news-halted-wait = { $quit } で終了。すべて復元されたら { $release } で解除
news-reverting = { $count ->
    [0] 動作中の障害はない
   *[other] { $count } 件の障害を復元中
}
news-halted-by = 全停止: { $who }
news-held = 一時停止 { $since }: { $who }
news-closing = { $count ->
    [0] 動作中の障害はない。定常状態を再確認中
   *[other] 残り { $count } 件を復元し、その後に定常状態を確認
}
news-to-score = { $key } で目標 { $count } 件を採点
news-ended-keys = { $write } で記入、{ $quit } で退出
outcome-completed = 全フェーズ完了
outcome-ended-early = 途中で終了
outcome-halted = 全停止のまま終了
outcome-not-started = 開始せず
outcome-died = プログラムが異常終了

# 壊れているもの
broken = 異常
broken-nothing = 異常なし: { $slos ->
    [0] SLO の測定値なし
   *[other] SLO { $slos } 件すべて達成
}、Pod { $pods } 個すべて正常、動作中の障害なし
broken-unknown = – 対象のデータはまだない
broken-guardrail = ガードレール { $rule }
broken-guardrail-short = ガードレール
broken-not-reverted = { $fault } 復元失敗
broken-reverting = { $fault } 復元中
broken-injecting = { $fault } 開始中
broken-fault-left = { $fault } 残り { $left }
pods-dead = { $pods } 停止
pods-dead-count = Pod { $count } 個が停止
pods-not-ready = { $pods } 応答不可
pods-not-ready-count = Pod { $count } 個が応答不可
pods-starting = { $pods } 起動中
pods-starting-count = Pod { $count } 個が起動中
breaker-open = ブレーカー { $breaker } が開
breakers-open = ブレーカー { $count } 個が開
slos-kept = { $count ->
    [one] SLO 達成
   *[other] 全 SLO 達成
}
