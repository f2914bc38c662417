# Themes.
action-themes = テーマ
action-themes-help = 画面のテーマを選ぶ。選択を動かすとすぐに反映される
action-keep-theme = 決定
action-keep-theme-help = 選んだテーマを使う。次回の起動にも引き継ぐ
layer-themes = テーマの一覧で
themes-title = テーマ
themes-back = 元に戻す
why-one-theme = 選べるテーマがありません
says-theme-kept = テーマ { $name } を記憶しました
