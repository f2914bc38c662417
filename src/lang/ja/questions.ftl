# 結果を伴う操作の前の確認: 問い、その意味、答えの誤り
question-title = 確認
ask-on = { $fault } (対象 { $whom })
ask-inject = { $name } を今注入する?
ask-inject-late = 予定は { $due } 後。二度は始まらない
ask-cancel = { $name } を取り消す?
ask-cancel-means = 実行されず、報告書ではスキップ扱いになる
ask-revert = { $name } を今元に戻す?
ask-revert-hits = 対象 { $pods }
ask-release = 緊急停止を解除する。安全と言える理由は?
ask-release-means = 負荷とタイムラインは止まったところから続く
ask-override = no-go を押し切って始める。その理由は?
ask-override-failing = ✗ { $metric } は { $value }、条件は { $limit }
ask-load = 負荷を毎秒何リクエストにする?
ask-load-now = 今は { $rate }/s。{ $key } で計画に戻す
ask-leave = 今画面を閉じる?
ask-leave-means = 復元は続く。元に戻せなかったものはシェルに示す
ask-silence = これらのアラートを抑止する?
ask-silence-where = { $server } で、フェーズの間だけ
ask-silence-means = どう終わっても解除する。このプログラムがなくなっても { $lasts }以内に自然に終わる
ask-met = 達成とする。何を見た?
ask-not-met = 未達成とする。何を見た?
ask-skip = フェーズ { $phase } を今終える?
ask-skip-next = 次は { $phase }
ask-skip-last = 最後のフェーズ。演習が終わる
ask-skip-skipped = スキップされる: { $faults }
ask-end = 演習を今終える?
ask-end-faults = { $count ->
    [0] 動作中の障害はない
   *[other] 動作中の障害 { $count } 件を先に元に戻す
}
ask-end-means = 負荷が止まり、報告書を書き出す
answer-reason = 理由が要る。報告書に載る
answer-rate = 毎秒のリクエスト数を数字で書く (例 1200)
halt-title = 緊急停止
halt-ask = { " " }■ 全停止しますか?{ " " }
halt-means = 負荷が止まり、{ $count ->
    [0] 動作中の障害はない。
   *[other] 動作中の障害 { $count } 件を一斉に元に戻す。
}
halt-until-released = 理由を添えて解除するまで、新しいものは始まらない。
halt-ends = まだ何も始まっていないので、演習は終わる。

# プログラムの中断中にシェルへ示すこと
farewell-halted = gameday は全停止中。動作中の障害はない。fg で戻る。
farewell-left = gameday を中断した。次の障害はまだ元に戻っていない:
farewell-fault = { "  " }{ $fault }: { $why }
farewell-slow = { "  " }{ $fault }: 復元に時間がかかっている
farewell-back = fg で復元を続ける。
