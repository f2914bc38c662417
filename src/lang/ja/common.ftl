# 画面の複数の場所で使う言葉
no-data = データなし
faults-left = 残り { $count } 件の障害
