import type { ProblemCatalogue, ProblemPageWords } from './problem-words.ts'

const sendRequestId = '繰り返す場合は、リクエストIDを下の問い合わせ先へ知らせてください。'

export const jaProblemPage: ProblemPageWords = {
  whatToDo: '対処方法',
  requestId: 'リクエストID',
  when: '日時',
  code: 'コード',
  whomToAsk: '問い合わせ先',
  tryAgain: 'もう一度試す',
  signIn: 'サインイン',
  backToRoles: 'ロール一覧へ戻る',
  operatorTitle: '運用担当者向け',
  operatorOnly: 'この部分は、運用担当者として登録された人にだけ表示されます。',
  caller: 'Sekishoのプリンシパル',
  role: 'ロール',
  awsSaid: 'AWSからのメッセージ',
  trustPolicy: '必要な信頼ポリシー',
  trustPolicyHint: '該当アカウントのロールの信頼関係に貼り付けてください。',
  copyTrustPolicy: 'ポリシーをコピー',
  retryIn: (span) => `${span}後にもう一度試してください。`,
}

const destinationReasons: ReadonlyMap<string, string> = new Map([
  ['not-a-url', 'アドレスとして読めません。'],
  ['not-https', 'httpsで始まっていません。'],
  ['has-userinfo', 'ユーザー名またはパスワードを含んでいます。'],
  ['has-port', 'ポートを指定しています。'],
  ['other-site', 'AWSコンソールの外を指しています。'],
  ['too-long', '長すぎます。'],
])

export const jaProblems: ProblemCatalogue = {
  'invalid-request': (facts) => ({
    title: 'リクエストを読み取れません',
    what:
      facts.text('given') === null
        ? 'アドレスまたはフォームの内容に誤りがあります。'
        : facts.text('what') === 'region'
          ? `「${facts.text('given')}」はこのアカウントのリージョンではありません。`
          : facts.text('what') === 'time'
            ? `「${facts.text('given')}」は日時として読めません。2026-11-25、2026-11-25T10:11Z、2026-11-25T19:11+09:00のように書きます。`
            : `「${facts.text('given')}」は時間の指定として読めません。30mや2hのように書きます。`,
    steps: ['アドレスを確認するか、ロール一覧から始めてください。'],
  }),
  'body-too-large': {
    title: '送信内容が大きすぎます',
    what: 'フォームの内容が上限の64 kBを超えています。',
    steps: ['前のページに戻り、内容を短くしてもう一度送信してください。'],
  },
  'connection-not-https': {
    title: '接続が暗号化されていません',
    what: 'Sekishoはhttpsでのみ動作しますが、このリクエストはhttpsではありませんでした。',
    steps: [
      'httpsのアドレスで開いてください。',
      'httpsで開いている場合は、前段のプロキシの設定が必要です。運用担当者がtrustedProxiesに登録し、X-Forwarded-Protoを送るようにしてください。',
    ],
  },
  'destination-refused': (facts) => ({
    title: 'リンク先がAWSコンソールの外です',
    what: [
      facts.text('host') === null
        ? 'リンクが指定するページは、AWSコンソールのページではありません。'
        : `リンクは${facts.text('host')}のページを指定しています。`,
      destinationReasons.get(facts.text('why') ?? '') ?? '',
      '何も開いていません。',
    ].join(''),
    steps: [
      '心当たりのないリンクであれば、もう開かないでください。',
      'ロール一覧からロールを開くと、通常のページから始まります。',
    ],
  }),
  'sign-in-failed': {
    title: 'サインインできませんでした',
    what: '認証サービスの応答を検証できなかったため、サインインしていません。',
    steps: ['もう一度サインインしてください。', sendRequestId],
  },
  'sign-in-expired': {
    title: 'サインインの制限時間を過ぎました',
    what: '応答が届く前に、このサインインの有効時間が終わりました。',
    steps: ['もう一度サインインしてください。'],
  },
  'sign-in-replayed': {
    title: 'このサインインは使用済みです',
    what: '認証サービスの応答は一度だけ有効です。「戻る」や再読み込みの後に起こります。',
    steps: [
      'ロール一覧を開いてください。すでにサインイン済みかもしれません。そうでなければ、もう一度サインインしてください。',
    ],
  },
  'sign-in-refused': (facts) => ({
    title: '認証サービスに拒否されました',
    what: `${facts.text('provider') ?? '認証サービス'}がこのサインインを許可しませんでした。`,
    steps: ['別のアカウントなどで、もう一度サインインしてください。', sendRequestId],
  }),
  'sign-in-cancelled': (facts) => ({
    title: 'サインインが中止されました',
    what: `${facts.text('provider') ?? '認証サービス'}で取り消されたか、Sekishoを利用する権限がありません。`,
    steps: [
      'もう一度サインインしてください。',
      '自分で取り消していない場合は、認証サービスでSekishoの利用権限を申請してください。',
    ],
  }),
  'groups-overage': {
    title: 'グループが多すぎて受け取れません',
    what: 'グループの数が多いため、認証サービスが一覧を省きました。ロールを判断できないため、サインインしていません。',
    steps: [
      'リクエストIDを下の問い合わせ先へ知らせてください。',
      '運用担当者は、Sekishoに割り当てたグループだけ、またはアプリロールを送るように設定できます。',
    ],
  },
  'identity-provider-unavailable': (facts) => ({
    title: '認証サービスが応答しません',
    what: `${facts.text('provider') ?? '認証サービス'}に現在接続できないため、サインインできません。`,
    steps: ['1分ほど待ってから、もう一度試してください。', sendRequestId],
  }),
  'sign-in-required': {
    title: 'サインインが必要です',
    what: 'サインインしていないか、サインインの期限が過ぎています。',
    steps: ['サインインしてから、もう一度操作してください。'],
  },
  'forged-request': {
    title: 'このフォームは無効です',
    what: '今回のサインインで表示したページのフォームではありません。何も変更していません。',
    steps: ['ページを開き直して、そこにあるボタンを押してください。'],
  },
  'embedded-request': {
    title: 'ページが自動的に開こうとしました',
    what: 'ロールは、人がリンクをたどったときにだけ開きます。画像、フレーム、スクリプトからは開きません。何も開いていません。',
    steps: ['リンクを単独のタブで開いてください。'],
  },
  'access-denied': {
    title: '利用できるロールではありません',
    what: 'そのロールは存在しないか、あなたには割り当てられていません。',
    steps: [
      'アドレスのアカウントとロールを確認してください。',
      '利用できるはずの場合は、リクエストIDを添えて下の問い合わせ先へ相談してください。',
    ],
  },
  'access-not-yet': (facts, time) => {
    const at = facts.instant('startsAt')
    return {
      title: '利用期間がまだ始まっていません',
      what:
        at === null
          ? 'このロールは、後の日時から利用できます。'
          : `このロールは${time.instant(at)}から利用できます。`,
      steps: ['開始後に、同じリンクを開いてください。'],
    }
  },
  'access-ended': (facts, time) => {
    const at = facts.instant('endedAt')
    return {
      title: '利用期間が終わりました',
      what:
        at === null
          ? 'このロールの利用期間は終わっています。'
          : `このロールは${time.instant(at)}まで利用できました。`,
      steps: ['引き続き必要な場合は、下の問い合わせ先へ延長を相談してください。'],
    }
  },
  'role-not-held': {
    title: 'このロールはありません',
    what: '現在、このロールは割り当てられていません。',
    steps: ['利用できるロールを確認するか、下の問い合わせ先へ相談してください。'],
  },
  'not-found': {
    title: 'ページがありません',
    what: 'このアドレスのページはありません。',
    steps: ['アドレスを確認するか、ロール一覧から始めてください。'],
  },
  'too-many-requests': {
    title: 'リクエストが多すぎます',
    what: '手作業では考えにくい数のリクエストがあったため、一時的に止めています。',
    steps: ['しばらく待ってから、もう一度試してください。'],
  },
  'pass-unusable': {
    title: 'この通行証は使えません',
    what: '存在しないか、開始前、期限切れ、使用済み、または取り消されています。',
    steps: ['通行証を渡した人に、新しい通行証を依頼してください。'],
  },
  'pass-locked': {
    title: 'この通行証はロックされました',
    what: '暗証番号を5回間違えたため、この通行証は使えなくなりました。',
    steps: ['通行証を渡した人に、新しい通行証を依頼してください。'],
  },
  'pass-sponsor-away': {
    title: 'この通行証は一時停止中です',
    what: '通行証を渡した人が1週間サインインしていません。サインインするまで、何も開けません。',
    steps: ['渡した人に、一度ここでサインインするよう依頼してください。同じリンクが再び使えます。'],
  },
  'pass-wrong-pin': (facts) => ({
    title: '暗証番号が違います',
    what:
      facts.text('triesLeft') === null
        ? 'この通行証の暗証番号ではありません。'
        : `この通行証の暗証番号ではありません。あと${facts.text('triesLeft')}回入力できます。`,
    steps: ['前のページに戻り、招待者から届いた暗証番号を入力してください。'],
  }),
  'pass-wrong-person': {
    title: '別の人の通行証です',
    what: 'この通行証は、サインインに使ったものとは別のメールアドレスに発行されています。',
    steps: ['通行証が発行されたメールアドレスでサインインしてください。'],
  },
  'pass-not-allowed': {
    title: 'この通行証は発行できません',
    what: '発行できるのは、自分が開けるロールだけで、期間も規則の範囲内に限られます。',
    steps: ['別のロール、またはより早い終了日を選んでください。'],
  },
  unexpected: {
    title: 'こちら側で問題が起きました',
    what: '本来起こらない問題です。下のリクエストIDとともに記録しました。',
    steps: ['もう一度試してください。', sendRequestId],
  },
  'trail-unavailable': {
    title: '監査記録を書き込めません',
    what: '記録できない操作は行わないため、ロールを開いていません。',
    steps: ['1分ほど待ってから、もう一度試してください。', sendRequestId],
  },
  'store-unavailable': {
    title: 'データベースが応答しません',
    what: 'サインインや利用の情報を読み取れません。',
    steps: ['1分ほど待ってから、もう一度試してください。', sendRequestId],
  },
  'aws-refused': {
    title: 'AWSがロールを拒否しました',
    what: 'あなたはこのロールを利用できますが、AWSがSekishoに開くことを許可しませんでした。ロールが存在しないか、Sekishoを信頼していない可能性があります。',
    steps: [
      'リクエストIDを下の問い合わせ先へ知らせてください。',
      '急ぐ場合は、同じアカウントの別のロールを試してください。',
    ],
  },
  'aws-misconfigured': {
    title: '設定が原因でロールを開けません',
    what: 'あなたはこのロールを利用できますが、Sekishoからの要求の一部をAWSが受け付けません。',
    steps: ['リクエストIDを下の問い合わせ先へ知らせてください。運用担当者による修正が必要です。'],
  },
  'aws-unavailable': {
    title: 'AWSが応答しません',
    what: '設定されたどのリージョンでも、時間内にAWSへ接続できませんでした。何も開いていません。',
    steps: ['もう一度試してください。', sendRequestId],
  },
  'aws-busy': {
    title: 'AWSが混み合っています',
    what: '同じ種類のリクエストが多すぎるため、AWSが現在受け付けていません。',
    steps: ['1分ほど待ってから、もう一度試してください。'],
  },
}
