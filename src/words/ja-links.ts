import type { LinksWords, PageKindWords } from './links-words.ts'

const kinds: PageKindWords = {
  alarm: 'アラーム',
  bucket: 'バケット',
  cluster: 'クラスター',
  dashboard: 'ダッシュボード',
  database: 'データベース',
  function: '関数',
  instance: 'インスタンス',
  'log-group': 'ロググループ',
  'log-groups': 'ロググループの一覧',
  'log-query': 'ログのクエリ',
  object: 'オブジェクト',
  'query-history': 'クエリ履歴',
  queue: 'キュー',
  role: 'ロール',
  secret: 'シークレット',
  stack: 'スタック',
  'state-machine': 'ステートマシン',
  table: 'テーブル',
}

const on = (host: string | null) => (host === null ? '' : `リンク先は${host}です。`)

export const jaLinks: LinksWords = {
  title: '固定リンク',
  heading: 'コンソールのページを固定リンクにする',
  explanation:
    'リンクにはアカウント、ロール、ページが含まれます。開く人はまずサインインし、そのロールを持っている必要があります。',
  paste: 'アドレスを貼り付け',
  address: 'AWSコンソールのアドレス',
  account: 'アカウント',
  accountInAddress: 'アドレスのアカウント',
  role: 'ロール',
  firstRole: '最初に利用できるロール',
  make: 'リンクを作成',
  made: '作成したリンク',
  link: '固定リンク',
  copy: 'リンクをコピー',
  tryIt: '試しに開く',
  page: '開くページ',
  region: 'リージョン',
  usualRegion: 'ロールの既定',
  caution: '要注意',
  found: (number) => `アドレスのアカウント：${number}`,
  notHeld: (number) =>
    `アドレスはアカウント${number}のものですが、このアカウントで利用できるロールはありません。`,
  otherAccount: (number, place) =>
    `アドレスはアカウント${number}のものです。リンクは${place}で同じページを開きます。`,
  roleNotThere: (role, place) => `${place}に${role}はないため、別のロールを選びました。`,
  chooseAccount: 'アドレスからアカウントを判別できません。アカウントを選んでください。',
  noRoles: '利用できるロールがないため、リンクを作成できません。',
  refusals: {
    'not-a-url': () =>
      'アドレスではありません。コンソールのアドレス欄から全体をコピーしてください。',
    'not-https': (host) => `アドレスがhttpsで始まっていません。${on(host)}`,
    'has-userinfo': (host) => `アドレスにユーザー名またはパスワードが含まれています。${on(host)}`,
    'has-port': (host) => `アドレスにポート番号が含まれています。${on(host)}`,
    'other-site': (host) => `AWSコンソールのページではありません。${on(host)}`,
    'too-long': () =>
      'アドレスが長すぎてリンクにできません。フィルターなど不要な部分を除いてください。',
  },
  otherPartition:
    'アドレスは、このアカウントとは別のAWSパーティションのものです。別のアカウントを選んでください。',
  leftOutSession: (part) =>
    `アドレスのセッション部分（${part}）は除きました。お使いのブラウザーでしか有効ではありません。`,
  leftOutSignIn: 'サインイン時にアドレスへ付け加えられた部分は除きました。',
  named: '名前付きのリンク',
  namedColumns: { link: 'リンク', opens: '開くロール', page: '開くページ' },
  copyNamed: (name) => `リンク${name}をコピー`,
  pageName({ service, kind }) {
    if (kind === 'home') return 'コンソールのホーム'
    return (
      [service, kind === null ? null : kinds[kind]].filter(Boolean).join(' ') ||
      'コンソールのページ'
    )
  },
}
