# 提案、インシデント、スコアボード、カードとヒント、役割、本物のインシデント
action-seen-card = 確認
action-seen-card-help = チームがカードを見たことを伝える
action-open-suggested = インシデント起票
action-open-suggested-help = 測定値からインシデントを開く。選択中の提案、なければ最も古いもの。入力中のチームの名で
action-set-aside = 起票不要
action-set-aside-help = 提案を脇に置く。インシデントは要らない
action-incidents = インシデント一覧
action-incidents-help = 提案とインシデントを一覧し、選んだものの詳細を見る
action-link = 原因を指定
action-link-help = 選んだインシデントの原因を決める: 注入した障害、発見、または原因なし
action-board = スコアボード
action-board-help = 各チームが各障害にどれだけ速く対応したか。参加者は進行役が公開した成績だけを見る
action-show-board = チームに公開 / 非公開
action-show-board-help = 終わった障害についての各チームの成績を、障害の中身は伏せてチームに公開する。もう一度で公開をやめる
action-next-kind = 次のページ
action-next-kind-help = 次の種類の時間、最後は件数
action-teams-left = 前のチーム
action-teams-left-help = 左のチームを表示する
action-teams-right = 次のチーム
action-teams-right-help = 右のチームを表示する
action-deck = カードとヒント
action-deck-help = カードを引く、ヒントを出す、誰がどのカードを見たか確かめる
action-give = 引く・出す
action-give-help = 選んだカードを引く、または次のヒントを出す
action-crew = メンバー
action-crew-help = メンバー、チーム、役割を表示し、役割を引き継ぐ
action-assign = 引き継ぐ
action-assign-help = 選んだ役割を引き継ぐ、または選んだ人のチームを変える
action-add-person = 人を追加
action-add-person-help = 参加者を一人追加する
action-add-team = チーム追加
action-add-team-help = チームを一つ追加する
action-take = 決定
action-take-help = 選んだ行に決める
action-declare-real = 本物の障害
action-declare-real-help = 本物のインシデントが起きた。すべてを元に戻し、画面は監視として続く
action-confirm-real = 本物だ
action-confirm-real-help = もう演習ではない
layer-incidents = インシデント一覧で
layer-board = スコアボードで
layer-deck = カードとヒントで
layer-crew = メンバーで
layer-choosing = 選択で
layer-declaring = 本物かと聞かれたとき

why-no-suggestion = インシデントを求める測定値はない
why-no-suggestion-chosen = 提案が選ばれていない
why-no-incidents = インシデントも提案もない
why-no-incident-chosen = インシデントが選ばれていない
why-no-standings = 進行役は成績を公開していない
why-no-effect = まだどの障害も起きていない
why-no-more-teams = そちらに他のチームはない
why-no-cards = このゲームデイにはカードもヒントもない
why-nothing-to-give = もう配られている。山札のカードかヒントを選ぶ
why-drawn = そのカードはもう引かれた
why-no-more-hints = その障害のヒントはすべて出した
why-no-card-waits = このチームを待つカードはない
why-is-real = 本物のインシデントが起きた。もう演習ではない
says-opened = 起票中: { $title }
says-real = すべてを元に戻している。もう演習ではない

suggested = 提案
suggested-likely = おそらく { $fault }
suggested-since = 演習時刻 { $at } から
suggested-count = { $count ->
   *[other] 提案 { $count } 件、{ $key } で起票
}

incident-age = 経過 { $age }
incident-age-held = 経過 { $age }、ほかに停止中 { $held }
incident-opened-at = 発生
incident-written-later = 記録の遅れ
incident-noticed = 検知
incident-behind = 原因
incident-same-as = 同じもの
incident-people = 呼んだ人
incident-tags = 関連
incident-moves = その後
incident-was = 以前
noticed-person = { $what }
noticed-slo = アラート: SLO { $what }
noticed-guardrail = アラート: ガードレール { $what }
noticed-pods = アラート: { $what } の Pod 停止
behind-said = { $fault }（進行役の判断）
behind-likely = { $fault }（時刻と対象から）
behind-discovery = 発見: 本物で、誰も注入していない
behind-unknown = 注入した障害ではなく、原因は不明
behind-nothing = 障害の注入なし。誤報か発見か、指定する
commanded = 指揮 { $name }
away = 不在

board-title = スコアボード
board-undetected = { $count ->
    [0] すべての障害を検知
   *[other] 未検知の障害 { $count } 件
}
board-is-shown = ▣ 終わった障害の成績をチームに公開中
board-is-hidden = □ チームには非公開
standings-title = チームの成績
standings-legend = 終わった障害の平均。一時停止を除く
standings-none = 進行役はいま成績を公開していない
standings-team = チーム
standings-noticed = 検知
standings-cost = ヒントの減点
board-legend = 停止時間を除く   ✓ 目標達成   ✗ 未達成   ★ 最初に検知   – なし
board-teams = チーム { $from }〜{ $to } / { $all }
board-all = 全チーム
board-detect = TTD 検知
board-acknowledge = TTA 確認
board-mitigate = TTM 緩和
board-resolve = TTR 解決
board-mean = 平均
board-median = 中央値
board-counts = 件数
board-first = 最初に検知
board-not-detected = 未検知
board-false-alarms = 誤報
board-discoveries = 発見
board-unexplained = 原因未定
board-duplicates = 重複
board-hints = ヒント
board-hints-cost = { $hints }（−{ $cost }）
board-cards = 未確認カード
board-nothing = まだどの障害も起きていない
board-did-not = 検知しなかった
board-was-first = 最初
board-with-holds = 停止を含め { $total }
board-kept = 達成
board-missed = 未達成

deck-title = カードとヒント
deck-waiting = { $count ->
    [0] すべて確認済
   *[other] 未確認カード { $count } 枚
}
deck-drawn = 引いた
deck-not-drawn = 山札
deck-away = 以後 { $name } は不在
deck-hints = ヒント { $given }/{ $all }
hint-next = ヒント { $number }{ $cost ->
    [0] {""}
   *[other] （減点 { $cost }）
}
hint-given = { $at } に { $to } へ
card-seen = カード { $number } 確認済
card-waits = カード { $number } 未確認
card-seen-by = 確認
card-waits-for = 未確認
card-title = カード { $number }: { $to }
card-press = チームで見たら { $key } を押す

choose-title = 選択
choose-cause = { $what } の原因は？
choose-card = カード { $what } を誰に渡す？
choose-hint = { $what } の次のヒントを誰に出す？
choose-role = これから { $what } は誰？
choose-team = { $what } のチームは？
choose-now = 現在 { $who }
choose-no-team = チームなし
choose-typed = ほかの人: 名前を入力
choose-back = いいえ、出さない
choose-sure = はい、出す: 減点 { $cost }

crew-title = メンバー
crew-nobody = なし
crew-by-plan = ゲームデイの指定
crew-since = { $at } から（{ $by }）
crew-until = { $at } まで

stage-real = 本物のインシデント
real-title = 本物のインシデント
real-asks = { " " }▲ 本物のインシデント？{ " " }
real-undone = { $count ->
    [0] 負荷を止め、以後は何も注入しない。
   *[other] 負荷を止め、動いている障害 { $count } 件を元に戻し、以後は何も注入しない。
}
real-means = 取り消しはできない。以後は演習ではない。画面、ログ、インシデントは監視として続く。
real-now = { " " }もう演習ではない{ " " }
real-by = 宣言: { $by }
real-ends = { $key } で監視を終える

ask-holder-means = それまでの担当者から引き継ぐ
ask-person = 誰が参加する？
ask-person-means = 名前。チームがあれば後ろに書く：ada sre
ask-team = どのチームが参加する？
ask-team-means = チームの名前
answer-name = 名前が必要
