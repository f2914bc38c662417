# 画面以外で端末に送るもの: タイトル、呼び出し、クリップボード。および不具合の知らせ
title-live = gameday { $sign } { $stage } · { $name }
call-halted = 全停止({ $who }): { $why }
call-incident = インシデント { $severity }: { $title }
action-copy = コピー
action-copy-help = 1 行をクリップボードにコピー: 選択中の障害・インシデント・ログ行、報告書の場所、または現在の状況
says-copied = コピーしました(端末が許可していれば): { $text }
