import type { PortalWords, SettingsWords, TileWords } from './portal-words.ts'

const number = new Intl.NumberFormat('ja-JP')

const tile: TileWords = {
  copyLink: (role) => `${role}へのリンクをコピー`,
  favourite: (role) => `${role}をお気に入りにする`,
  more: (role) => `${role}の詳細`,
  region: 'リージョン',
  regionHint: '通常どおり',
  duration: '利用時間',
  longest: (span) => `${span}（最長）`,
  page: '開くページ',
  pageHint: 'コンソールのURLを貼り付け',
  link: 'リンク（このロールを持つ人が使えます）',
  openNow: '開く',
  copy: 'リンクをコピー',
  hide: 'このロールを隠す',
  showAgain: '再び表示',
  because: (assignment) => `「${assignment}」により利用できます`,
}

const settings: SettingsWords = {
  title: 'ロールの開き方',
  signOutFirst: '先にコンソールからサインアウトする',
  signOutFirstHint:
    '前のコンソールのセッションを終えてから開きます。オフの場合は、コンソールのアカウントメニューでマルチセッションを有効にすると、5つまで並べて使えます。',
  newTab: '新しいタブで開く',
  newTabHint: 'このページを残したまま開きます。',
  region: '自分のリージョン',
  regionHint: 'アカウントのリージョンの代わりに、ここで開きます。',
  on: 'オン',
  off: 'オフ',
  turnOn: 'オンにする',
  turnOff: 'オフにする',
  save: '保存',
}

export const jaPortal: PortalWords = {
  title: 'ロール',
  greeting: () => 'どちらへ行きますか',
  filterLabel: 'アカウントとロールの絞り込み',
  filterHint: '例：payments read',
  filter: '絞り込む',
  matches: '一致したロール',
  roles: counted('ロール'),
  accounts: counted('アカウント'),
  rolesInAccounts: (roles, accounts) =>
    `${counted('アカウント')(accounts)}・${counted('ロール')(roles)}`,
  oneRole: '1ロール',
  manyRoles: '#ロール',
  bestShown: '一致度の高い#件を表示しています。続けて入力するか、',
  showEveryMatch: 'すべての一致を表示',
  noMatch: '一致するロールはありません。文字を減らすか、アカウント番号の一部を入力してください。',
  showAllRoles: 'すべてのロールを表示',
  backToAll: 'すべてのロール',
  favourites: 'お気に入り',
  openNow: '開いているセッション',
  open: '使用中',
  fiveSessions: (count) =>
    `ここから開いたのは${count}件です。AWSでは1つのブラウザーで同時に使えるコンソールは5つまでで、6つ目を開くには1つを終える必要があります。`,
  recent: '最近使ったロール',
  mostUsed: 'よく使うロール',
  mostUsedFirst: 'よく使う順にする',
  latestFirst: '新しい順にする',
  opened: (times) => `${times}回使用`,
  caution: '要注意',
  until: '期限',
  otherAccounts: 'その他のアカウント',
  namedLinks: 'リンク',
  hidden: (count) => `隠したロール ${count}件`,
  noRolesTitle: '利用できるロールがありません',
  noRoles: 'サインインしていますが、あなたやあなたのグループへの割り当てがありません。',
  noRolesAsk: 'ロールの追加は、次へ問い合わせてください：',
  emptyAccount: 'このアカウントで利用できるロールはありません。',
  keyHint: '/キーで絞り込みへ移動する',
  tile,
  settings,
}

function counted(noun: string): (count: number) => string {
  return (count) => `${number.format(count)}${noun}`
}
