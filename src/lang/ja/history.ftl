# ゲームデイの推移
history-heading = ゲームデイの推移
history-of = { $name } の推移
history-drills = 訓練のみ。実際のインシデントは --real で表示。
history-real = 実際のインシデントのみ。訓練は含まない。
history-trends = 傾向
history-changes = 間に変わったもの
history-times = 対応にかかった時間
history-others = その他の件数
history-chart = 演習ごとの時間の中央値
history-chart-says = 線は傾向に数える演習を結ぶ。大きな輪は傾向に数えない演習。
history-first-last = 最初 { $first }、最後 { $last }
history-times-say = 中央値 / 平均 (保留を除く)。括弧内は、ありうる件数のうち時間がある件数。検知・確認・緩和・解決されなかったものには時間がない。見逃しが増えると、残りは速く見えることがある。
history-signs-say = 演習ごとに 1 文字、最小から最大まで。× は傾向に数えない演習、· はデータなし。
history-trend-says = 傾き: すべての組の、演習 1 回あたりの変化の中央値 (Theil–Sen)。比較と同じ誤差を超え、かつ偶然を超えた (Mann–Kendall、z が 1.645 以上: 偶然なら 10 回に 1 回) ものだけを改善・悪化とする。4 回未満では何も言えない。数えるのは、最後まで実施され、対象・防御・フェーズ・注入・長さ (1 割以内)・立会いが最新の演習と同じもの。目標と SLO は、それ自体も同じときだけ数える。

history-col-number = 番号
history-col-counted = 傾向に数える
history-col-what = 項目
history-col-signs = 演習
history-col-trend = 傾向
history-col-slope = 演習 1 回あたり
history-col-counted-of = 数えた演習
history-col-time = { $kind } 中央値 / 平均

history-row-objectives-met = 達成した目標
history-row-improvements-open = 未完了の改善
history-row-improvements-repeated = 繰り返された改善

history-answer-better = 改善
history-answer-worse = 悪化
history-answer-no-trend = 傾向なし
history-answer-too-few = 演習が少なすぎる
history-why-noise = 誤差の範囲
history-why-chance = 偶然の可能性

history-left-ending = いいえ: 最後まで実施されていない
history-left-real-incident = いいえ: 実際のインシデントで終了
history-left-target = いいえ: 対象が違う
history-left-defences = いいえ: ラボの防御が違う
history-left-phases-and-injections = いいえ: フェーズか注入が違う
history-left-length = いいえ: 長さが違う
history-left-attended = いいえ: 立会いが違う
