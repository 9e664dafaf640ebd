import type { FieldProblem } from '../domain/pass-form.ts'
import { jaPassMail } from './ja-pass-mail.ts'
import type {
  GuestPageWords,
  PassFormWords,
  PassGivenWords,
  PassReportWords,
  PassWords,
  SponsorPageWords,
} from './pass-words.ts'

const guest: GuestPageWords = {
  title: (name) => `${name}さんの通行証`,
  invitation: (sponsor) =>
    `${sponsor}さんから、AWSアカウント1つのロール1つを開くための招待が届いています。`,
  from: '開始',
  until: '期限',
  invitedBy: '招待者',
  openingsLeft: (left) => (left === null ? '回数の制限なし' : `あと${left}回開けます`),
  pin: '暗証番号（6桁）',
  pinHint: (sponsor) =>
    `このリンクとは別の方法で、${sponsor}さんから届きます。入力できるのは5回までです。`,
  terms: 'ゲストの利用条件',
  usualTerms: (sponsor) => [
    `${sponsor}さんと合意した作業にのみ利用してください。`,
    '他者のデータを持ち出さないでください。',
    '利用ごとに名前、時刻、接続元が記録されます。',
  ],
  accept: 'ゲストの利用条件に同意します',
  open: 'AWSコンソールを開く',
  boundToEmail:
    'この通行証はあなたのメールアドレス専用です。まず、そのアドレスでサインインしてください。',
  continueWith: (provider) => `${provider}で続ける`,
  otherPerson: (who) =>
    `${who}としてサインインしています。この通行証は別のアドレスあてです。そのアドレスでサインインしてください。`,
  notYet: 'この通行証はまだ始まっていません。開始後は同じリンクで開けます。',
  termsNotAccepted: '先に利用条件に同意してください。',
  pinMalformed: '暗証番号は6桁の数字です。今の入力は回数に数えていません。',
  wrongPin: (left) => `暗証番号が違います。あと${left}回間違えると、この通行証は使えなくなります。`,
  readyTitle: 'コンソールの準備ができました',
  ready: (role, account) =>
    `${account}の${role}を開きます。切り替わらないときはボタンを押してください。`,
  toConsole: 'AWSコンソールへ進む',
}

const sponsor: SponsorPageWords = {
  title: '通行証',
  explanation:
    '社外の人に、自分のロールの1つを期間を決めて開いてもらうことができます。その利用については招待者が責任を持ちます。',
  mine: '自分が発行した通行証',
  all: 'すべての通行証',
  none: '発行した通行証はまだありません。',
  guest: 'ゲスト',
  role: 'アカウントとロール',
  state: '状態',
  until: '期限',
  openings: '利用回数',
  sponsor: '招待者',
  change: '操作',
  endNow: '今すぐ終了',
  pages: 'ページ',
  newest: '最新の通行証',
  older: '以前の通行証',
  standing: (standing, from) =>
    ({
      usable: '有効',
      'not-yet': `${from}から`,
      ended: '期限切れ',
      'used-up': '使用済み',
      revoked: '手動で終了',
      locked: 'ロック（暗証番号を5回誤入力）',
    })[standing],
  used: (used, of) => (of === null ? `${used}回` : `${used} / ${of}回`),
}

const form: PassFormWords = {
  title: '通行証を発行',
  nothingToGive: 'ゲストに渡せるロールを、現在お持ちではありません。',
  hasProblems: '通行証は発行されませんでした。印のついた項目を確認してください。',
  label: {
    kind: '本人確認の方法',
    name: 'ゲストの名前',
    email: 'ゲストのメールアドレス',
    role: 'アカウントとロール',
    to: '開くページ（任意）',
    from: '開始',
    until: '終了',
    zone: 'タイムゾーン',
    openings: '利用できる回数',
    reason: '理由',
  },
  byEmail: 'メールアドレスでサインイン',
  byEmailHint: '登録済みのIDプロバイダーのアカウントを使います',
  byPin: 'リンクと暗証番号',
  byPinHint: 'どのIDプロバイダーにもアカウントがない人向け',
  chooseRole: '自分のロールから選択',
  noEnvironment: 'その他',
  toHint: 'AWSコンソールのページ（例：/s3/home）',
  untilHint: (longest) => `最長${longest}です。`,
  zone: 'UTCやAsia/Tokyoなどの名前',
  openingsHint: '1〜1000。空欄なら制限なし',
  reasonHint: '監査に残ります。チケット番号でもかまいません。',
  emailHint: 'サインインに使う場合は必須です。それ以外ではメールの送信にのみ使います。',
  submit: '通行証を発行する',
  afterwards: '送付用のリンクと、別の方法で伝える暗証番号を表示します。',
  problem,
}

function problem(
  found: FieldProblem,
  spell: { span(seconds: number): string; instant(at: Date): string },
): string {
  switch (found.fault) {
    case 'missing':
      return '入力してください。'
    case 'malformed':
      return found.field === 'openings'
        ? '1から1000までの数字を入力するか、空欄にしてください。'
        : 'この内容は読み取れません。'
    case 'not-allowed':
      return found.field === 'to'
        ? 'AWSコンソールのページではありません。'
        : '自分が開くことができ、ゲストに認められているロールだけを渡せます。'
    case 'over':
      return 'この時刻はすでに過ぎています。'
    case 'before-from':
      return '終了が開始より前になっています。'
    case 'too-long':
      return `${found.most}文字以内で入力してください。`
    case 'below-used':
      return `すでに${found.openingsUsed}回使われています。`
    case 'too-much-time':
      return `通行証の期間は最長${spell.span(found.mostSeconds)}です。`
    case 'after-own-end':
      return `このロールをお持ちなのは${spell.instant(found.ownEnd)}までです。`
    default:
      return found satisfies never
  }
}

const given: PassGivenWords = {
  title: (name) => `${name}さんの通行証を発行しました`,
  once: 'このページは一度しか表示されません。離れる前に必要なものをコピーしてください。',
  link: 'リンク',
  copyLink: 'リンクをコピー',
  pin: '暗証番号',
  pinHint:
    'リンクとは別の方法（電話やチャット）で伝えてください。同じメールには書かないでください。',
  emailHint: (email) => `ゲストは${email}でサインインします。`,
  mailSent: (email) => `リンクを${email}に送信しました。`,
  mailFailed: 'メールを送信できませんでした。通行証は有効です。リンクをご自身で送ってください。',
  toReport: 'この通行証を見る',
  toPasses: '通行証の一覧へ',
}

const report: PassReportWords = {
  title: (name) => `${name}さんの通行証`,
  facts: '通行証の内容',
  email: 'メールアドレス',
  reason: '理由',
  given: '発行',
  from: '開始',
  termsAccepted: '利用条件への同意',
  neverAccepted: 'まだ',
  events: '利用の記録',
  noEvents: 'この通行証はまだ使われていません。',
  when: '日時',
  what: '内容',
  address: '接続元',
  ends: 'セッションの終了',
  requestId: 'リクエストID',
  csv: 'CSVでダウンロード',
  extend: '期限の変更',
  extendHint: (latest) =>
    `開始から数えた上限により、${latest}まで延ばせます。リンクはそのまま使えます。すでに開いているコンソールの終了時刻は変わりません。`,
  extendNow: '新しい期限を保存',
  endMoved: '期限の変更',
  end: 'この通行証を今すぐ終了',
  endHint:
    'その時点から何も開けなくなり、ゲストはSekishoからサインアウトされます。すでに開いているAWSコンソールは開いたままです。下の方法で切断してください。',
  ended: 'この通行証では、もう何も開けません。',
  cut: '開いているAWSセッションの切断',
  cutHint: (roleArn) =>
    `AWSが渡した認証情報は、期限まで有効です。それより早く切断するには、ロール${roleArn}に次のポリシーをインラインポリシーとして追加し、最後のセッションが終わったら取り除いてください。`,
  cutReaches: [
    'このロールでのゲストのセッションによる要求すべてに、数分以内に効きます。ほかの人のセッションには影響しません。',
    'ゲストがそこからさらに引き受けた別のロールのセッションには届きません。届くのは、ソースIDを指定したステートメントを、そのロールかサービスコントロールポリシーにも置いた場合だけです。',
    'すでに行われた操作の取り消し、自動で動き続ける処理の停止、リソースポリシーがセッションを名指しで許可しているアクセスの遮断はできません。',
  ],
  copyPolicy: 'ポリシーをコピー',
  backToPasses: '通行証の一覧に戻る',
  event: (type) => events[type] ?? type,
  refusal: (reason) => refusals[reason] ?? reason,
}

const events: Readonly<Record<string, string>> = {
  'pass.given': '発行',
  'pass.redeemed': '利用',
  'pass.refused': '拒否',
  'pass.revoked': '手動で終了',
  'console.opening': 'コンソールを開く処理',
  'console.opened': 'コンソールを開始',
  'console.failed': 'AWSが拒否',
}

const refusals: Readonly<Record<string, string>> = {
  'wrong-pin': '暗証番号の誤り',
  'too-many-tries': '同時に試した回数が多すぎる',
  'wrong-person': '別のアドレスでサインイン',
  'not-yet': '開始前',
  ended: '期限切れ',
  'used-up': '使用済み',
  revoked: '手動で終了',
  locked: 'ロック',
  'sponsor-lacks-role': '招待者がロールを失った',
  'sponsor-away': '招待者が1週間サインインしていなかった',
  'not-a-sponsor': '招待者が発行者でなくなった',
  'not-for-guests': 'ゲスト向けのロールでなくなった',
  'kind-not-allowed': 'リンクと暗証番号が許可されなくなった',
  'no-guest-passes': '通行証が無効にされた',
}

export const jaPasses: PassWords = { guest, sponsor, form, given, report, mail: jaPassMail }
