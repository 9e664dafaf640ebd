import type { PassMailFacts, PassMailWords } from './pass-words.ts'

export const jaPassMail: PassMailWords = {
  invitation: ({ link, asksPin, ...facts }) => ({
    subject: `${facts.sponsor}さんからAWSの通行証が届きました`,
    text: [
      `${facts.guest}さん`,
      `${facts.sponsor}さんから、AWSコンソールの次のロールを開くための招待です。`,
      factLines(facts),
      `あなた専用のリンク：\n${link}`,
      asksPin
        ? `ページで暗証番号を入力します。暗証番号は、${facts.sponsor}さんから別の方法で届きます。`
        : 'ページで、このメールアドレスを使ってサインインしてください。',
      '心当たりがない場合は、このメールを削除してください。何も起こりません。',
    ].join('\n\n'),
  }),
  reminder: (facts) => ({
    subject: `${facts.guest}さんの通行証は${facts.until}に終了します`,
    text: [
      `${facts.guest}さんの通行証がまもなく終了します。`,
      factLines(facts),
      `延長が必要な場合は、${facts.sponsor}さんが新しい通行証を発行できます。`,
    ].join('\n\n'),
  }),
  summary: ({ openings, isRevoked, report, ...facts }) => ({
    subject: `${facts.guest}さんの通行証が終了しました`,
    text: [
      isRevoked
        ? `${facts.guest}さんの通行証は手動で終了されました。`
        : `${facts.guest}さんの通行証の期間が終わりました。`,
      factLines(facts),
      openings.length === 0
        ? '一度も使われませんでした。'
        : `開かれたコンソール：\n${openings.map((at) => `・${at}`).join('\n')}`,
      `詳細：${report}`,
    ].join('\n\n'),
  }),
}

function factLines({ place, from, until, sponsor }: PassMailFacts): string {
  return [`ロール：${place}`, `開始：${from}`, `終了：${until}`, `招待者：${sponsor}`].join('\n')
}
