import type {
  ConfirmWords,
  FrameWords,
  RoleFactWords,
  RoleNotHeldWords,
  SignedOutWords,
  SignInWords,
} from './page-words.ts'

export const jaFrame: FrameWords = {
  skip: '本文へ移動',
  navigation: 'メイン',
  roles: 'ロール',
  links: 'リンク',
  passes: '通行証',
  audit: '監査',
  history: '自分の利用履歴',
  signedInAs: 'サインイン中',
  signInEnds: 'サインインの期限',
  signOut: 'サインアウト',
  dismiss: '閉じる',
  announcement: 'お知らせ',
  recorded: '誰がいつどのロールを開いたかを記録しています。',
  help: 'ヘルプ',
  contact: '問い合わせ先：',
  linkCopied: 'コピーしました',
  requestId: 'リクエストID',
  otherLanguage: 'English',
}

export const jaSignIn: SignInWords = {
  title: '通行手形を拝見',
  explanation: 'サインインすると、利用できるAWSのロールを表示します。',
  onYourWayTo: '行き先：',
  continueWith: (provider) => `${provider}で続ける`,
  trouble: 'サインインできないときの問い合わせ先：',
}

export const jaSignedOut: SignedOutWords = {
  title: 'サインアウトしました',
  explanation: 'もう一度サインインするまで、このブラウザーからロールを開くことはできません。',
  consoleStays:
    'すでに開いているAWSコンソールは、利用時間が終わるまで開いたままです。コンソール側でサインアウトしてください。',
  signInAgain: 'もう一度サインイン',
}

export const jaRoleFacts: RoleFactWords = {
  account: 'アカウント',
  role: 'ロール',
  caution: '要注意',
  page: '開くページ',
  region: 'リージョン',
  ends: '終了',
  you: 'あなた',
  startPage: 'コンソールのホーム',
  anyRegion: '最初に応答したリージョン',
}

export const jaConfirm: ConfirmWords = {
  title: (firstName, place) => `${firstName}として${place}へ進みますか`,
  fromElsewhere:
    'このリンクは当サイトのページから開かれたものではありません。心当たりがある場合だけ続けてください。',
  fromHost: (host) =>
    `このリンクは別のサイト（${host}）から開かれました。心当たりがある場合だけ続けてください。`,
  fromOurs: 'まだ何も開いていません。内容を確認してから続けてください。',
  cautionAsks: 'このロールは要注意です。もう一度確認してください。',
  readThere:
    'リンクはAWS側のページを指定しています。操作する前に、表示された内容を読んでください。',
  continueTo: (role) => `${role}へ進む`,
  backToRoles: 'やめてロール一覧へ',
  lasts: (span, isLongest) => (isLongest ? `${span}（このロールの最長）` : span),
}

export const jaRoleNotHeld: RoleNotHeldWords = {
  title: 'このロールはありません',
  explanation: (place, who) =>
    `リンク先は${place}です。${who}としてサインインしていますが、現在このロールを利用できません。`,
  inAccount: (account) => `${account}で開けるロール`,
  whomToAsk: '問い合わせ先',
  askExplanation: 'ロールの追加や、代わりに使えるロールについて相談できます。',
  message: '送信用の文面',
  messageText: ({ who, role, account, number }) =>
    `${who}に、${account}（${number}）のロール${role}を付与してください。理由：`,
  copyMessage: '文面をコピー',
  backToRoles: 'すべてのロールを表示',
}
