# レバー: それぞれの働き
lever-scale = アプリの Pod 数を決める
lever-restart = Pod を終了して起動し直す
lever-promote = レプリカをプライマリに昇格させる
lever-flush-cache = キャッシュを空にする
lever-warm-cache = 全ページをキャッシュに載せる
lever-renew-certificate = ゲートウェイの証明書を更新する
lever-restore-permission = サービスアカウントに権限を戻す
lever-roll-back = アプリの設定を元に戻す
lever-shed = リクエストの一部を断る。0 で終わる
lever-log = Pod が書いた最後の行
lever-curl = Pod への GET リクエスト

# 入力の誤りと直し方
wrong-nothing = レバーの名前を入力: { $levers }
wrong-lever = レバー "{ $word }" はない
wrong-pod = Pod "{ $word }" はない
wrong-app = アプリ "{ $word }" はない
wrong-account = アカウント "{ $word }" はない
wrong-mend = { $what }。{ $mend }
wrong-did-you-mean = "{ $name }" のこと?
wrong-one-of = 次のどれか: { $names }
wrong-too-much = "{ $word }" は余分。書き方: { $form }
wrong-no-pod = Pod を指定する: { $form }
wrong-no-app = アプリを指定する: { $form }
wrong-no-account = アカウントを指定する: { $form }
wrong-no-count = Pod の数を指定する: { $form }
wrong-no-share = 割合を指定する: { $form }
wrong-is-app = "{ $word }" はアプリ。その Pod: { $pods }
wrong-pods = "{ $word }" は 1 から { $most } までの Pod 数ではない: { $form }
wrong-lines = "{ $word }" は 1 から { $most } までの行数ではない: { $form }
wrong-share = "{ $word }" は 0 から 100 までの割合ではない: { $form }
wrong-path = "{ $word }" はパスではない: { $form }
wrong-facilitator = レバーを引くのはチーム。{ $key } でチームを選ぶ
