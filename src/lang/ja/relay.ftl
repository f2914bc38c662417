# インシデント対応中にほかの人へ伝えること。
action-status-update = 状況報告
action-status-update-help = 現在の状況から顧客やチャット向けの報告を書く。コピーされ、ログにも残る
ask-update = 状況報告: 現在の状況はこのとおり。何を伝えますか?
ask-update-means = Enter でコピーし、{ $team } のログに残す。次にいつ伝えるかも書く。
answer-update-empty = 何も書かれていない
answer-update-long = { $most } 文字まで
answer-update-template = 自分のテンプレートに誤りがあるため、標準のものを表示: { $why }
says-update-copied = 状況報告をコピーし (端末が許可していれば)、ログに残した
