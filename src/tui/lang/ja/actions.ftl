# 操作: フッター用の短い名前と、ヘルプ用の一文
action-halt = 全停止
action-halt-help = 緊急停止。どの画面からでも: 負荷を止め、すべての障害を元に戻し、新しいものは始めない
action-release = 停止解除
action-release-help = 緊急停止を理由を添えて解除する
action-override = 強行開始
action-override-help = no-go でも理由を添えて開始する
action-type = ログ記入
action-type-help = ログに書く。!2 と件名でインシデントを開く
action-hold = 一時停止
action-resume = 再開
action-hold-help = 演習時計を止める、または再び進める。その間も動作中の障害は終わりへ向かい、負荷はそのまま
action-select-next = 次の障害
action-select-next-help = 次の障害注入を選ぶ
action-select-previous = 前の障害
action-select-previous-help = 前の障害注入を選ぶ
action-inject = 注入
action-inject-help = 選んだ障害を予定時刻を待たず今注入する
action-revert = 復元
action-revert-help = 選んだ障害を今元に戻す
action-delay = 延期
action-delay-help = 選んだ注入をフェーズの十分の一、最大 1 分遅らせる
action-cancel = 取消
action-cancel-help = 選んだ注入を演習から外す
action-skip-phase = 次フェーズ
action-skip-phase-help = このフェーズを今終える。まだ始まっていない注入は飛ばす
action-extend = 延長
action-extend-help = このフェーズを十分の一、最大 1 分延ばす
action-load-up = 負荷 +10%
action-load-up-help = 負荷を 10 % 上げる
action-load-down = 負荷 -10%
action-load-down-help = 負荷を 10 % 下げる
action-load-set = 負荷設定
action-load-set-help = 負荷を毎秒リクエスト数で決める
action-load-plan = 計画の負荷
action-load-plan-help = 負荷を計画に戻す
action-objectives = 目標
action-objectives-help = 目標を示し、測れないものを採点する
action-log-back = ログ前へ
action-log-back-help = ログを遡る
action-log-forward = ログ後へ
action-log-forward-help = ログを新しい方へ送る
action-palette = 操作…
action-palette-help = 操作を名前で探す、またはチームとして対象に手を打つ: scale, restart, promote, …
action-instruments = 計器
action-instruments-help = 遮断器・キャッシュ・複製・キュー・認証を示す。もう一度で元の表示
action-help = ヘルプ
action-help-help = すべてのキーを示す
action-quit = 終了
action-quit-help = 演習を終える (障害はすべて元に戻す)。終わった後は画面を閉じる
action-suspend = シェルへ
action-suspend-help = すべて元に戻ったらシェルへ。fg で戻る

# ログの行
action-write = 書き込む
action-write-help = 行をログに書き込む
action-next-team = チーム
action-next-team-help = 次のチームとして
action-previous-team = 前のチーム
action-previous-team-help = 前のチームとして
action-stop-writing = 記入をやめる
action-stop-writing-help = 記入をやめる。書きかけの行は残る
action-undo = 元に戻す
action-undo-help = 入力の変更を一つ取り消す
action-redo = やり直す
action-redo-help = 取り消しをやり直す
action-delete-word = 単語を削除
action-delete-word-help = カーソルの前の単語を消す
action-delete-to-end = 行末まで削除
action-delete-to-end-help = カーソルから行末までを消す
action-line-start = 行頭
action-line-start-help = 行頭へ
action-line-end = 行末
action-line-end-help = 行末へ

# パレット
action-choose = 実行
action-choose-help = 選んだ行を実行する、または入力したレバーを引く
action-complete = 補完
action-complete-help = 単語を補完する
action-choice-down = 次
action-choice-down-help = 次の行
action-choice-up = 前
action-choice-up-help = 前の行
action-close-palette = 戻る
action-close-palette-help = 画面に戻る。入力は残る

# 画面の上に重なるもの
action-overlay-down = 下へ
action-overlay-down-help = 一行先へ
action-overlay-up = 上へ
action-overlay-up-help = 一行前へ
action-overlay-page-down = 次ページ
action-overlay-page-down-help = 一ページ先へ
action-overlay-page-up = 前ページ
action-overlay-page-up-help = 一ページ前へ
action-score-met = 達成
action-score-met-help = 選んだ目標を理由を添えて達成とする
action-score-not-met = 未達成
action-score-not-met-help = 選んだ目標を理由を添えて未達成とする
action-close = 閉じる
action-close-help = 画面に戻る

# 確認
action-confirm = はい
action-confirm-help = はい。答えを入力する確認ではその答えで決める
action-decline = いいえ
action-decline-help = いいえ。画面に戻る
action-confirm-halt = 全停止する
action-confirm-halt-help = 今すぐ全停止する
action-decline-halt = 戻る
action-decline-halt-help = 停止しない。ほかのどのキーでも同じ

# 層 (ヘルプの見出し)
layer-screen = キー
layer-typing = ログの行で
layer-palette = パレットで
layer-help = ヘルプで
layer-objectives = 目標の一覧で
layer-question = 確認で
layer-answer = 答えを入力する確認で
layer-halting = 全停止の確認で

# ログの行に書けるもの
typed-incident = インシデントを開く (SEV1 から SEV5)
typed-ack = 対応を引き受ける。開いているものが一つなら番号は省ける
typed-next = 同じく次の段階へ
typed-resolve = 解決、メモ付き
typed-false = 誤報、重複
typed-about = インシデントへのメモ
typed-lesson = レポートに載せる教訓
typed-note = それ以外はメモ。行頭に空白を置けば必ずメモになる

# 文書用のキーの表
table-keys = キー
table-action = 操作
table-does = 内容
table-where = 画面
place-all = どこでも
place-launcher = 起動画面
place-briefing = ブリーフィング
place-live = 演習
place-debrief = 振り返り
place-report = レポート

# ヘルプ・パレット・行のヒント
help-title = ヘルプ
help-more = { $down } で続き、{ $close } で閉じる
help-close = { $close } で閉じる
palette-title = 操作
palette-hint = 操作の名前、またはレバー
palette-not-now = 今は不可: { $why }
palette-again = 前に引いたレバー
palette-pull = このレバーを引く
does = { $key }: { $what }
press-to-write = { $key } でログに書く

# 今できない理由
why-not-begun = まだどのフェーズも始まっていない
why-phases-over = フェーズはすべて終わった
why-is-halted = 全停止中。先に解除する
why-has-ended = 演習は終わった
why-already-halted = すでに全停止中
why-nothing-to-go-on = フェーズはすべて終わり、続けるものがない
why-not-halted = 停止していない
why-not-all-reverted = まだ元に戻っていない障害がある
why-no-no-go = 押し切るべき no-go はない
why-clock-runs = 時計は進んでいる
why-no-phase = 実行中のフェーズがない
why-no-load = 変えるべき負荷がない
why-load-as-planned = 負荷は計画どおり
why-no-faults = このゲームデイに障害はない
why-no-objectives = このゲームデイに目標はない
why-target-not-ready = 対象を準備中
why-log-empty = ログは空
why-no-longer-planned = 選んだ注入はもう予定ではない
why-nothing-active = 選んだ注入は動作していない
action-not-now = { $action }: { $why }
action-asks-first = { $help } (先に確認する)
action-cannot = { $help } (今は不可: { $why })

# キーの後に言うこと
says-halting = 全停止中: 負荷を止め、すべての障害を元に戻している
says-not-halted = 停止しなかった
says-no-such-chord = { $keys } に割り当てはない
says-lever = { $lever }: 実行中
says-measured = この目標は測定される。採点できるのは測れないものだけ
