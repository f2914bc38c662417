# 参加者
action-participants = 参加者画面
action-facilitator = 全体に戻る
action-participants-help = 参加者に見えるものをそのまま表示する（投影用）。もう一度押すと全体に戻る
why-facilitator-only = 進行役だけができる
why-facilitator-halts = 全停止できるのは進行役だけ。声をかける（Ctrl-X で停止）
why-participants-view = 参加者画面を表示中。先に戻る
why-whole-view = 参加者画面ではない
says-no-participants-view = この画面では参加者画面を表示できない: 演習の最初から見ていない
participants-view = 参加者画面
participants-since = 開始から { $span }
participants-load = 送信 { $rate }/s
participants-dropped = 未送信 { $rate }/s
participants-preparing = 対象を準備している
participants-preflight = 定常状態を測定している。まもなく開始
participants-no-go = 定常状態が成り立たない。進行役が判断する
participants-running = 見て、直して、気づいたことを書く: { $key }
participants-held = { $by } が一時停止中。演習時計は止まっている
participants-halted = { $by } が全停止。すべてを元に戻している
participants-closing = フェーズは終わった。定常状態をもう一度確かめている
participants-ended = 演習は終わった。何があったかは振り返りで
participants-pods = { $count ->
   *[other] 準備できていない Pod { $count } 個: { $pods }
}
participants-breakers = ブレーカーが開いている
participants-incidents = { $count ->
   *[other] 対応中のインシデント { $count } 件
}
participants-nothing-wrong = 目標はすべて達成、Pod はすべて準備完了
participants-result = 結果は振り返りで
participants-timeline = { $now }
participants-legend = { " " }· █ 送信  ▲ インシデント  • メモ  ■ カード
