import type { FindingCatalogue } from './problem-words.ts'

export const jaFindings: FindingCatalogue = {
  'source-identity-refused':
    'ロールの信頼ポリシーが、Sekishoにsts:SetSourceIdentityを許可していません。信頼ポリシーとSekisho自身のポリシーに追加するか、attribution: lenientにしてください。',
  'tags-refused':
    'ロールの信頼ポリシーが、Sekishoにsts:TagSessionを、またはこのタグを許可していません。信頼ポリシーとSekisho自身のポリシーに追加するか、attribution: lenientにしてください。',
  'explicit-deny':
    'ポリシーで明示的に拒否されています。サービスコントロールポリシー、アクセス許可の境界、信頼ポリシーやSekisho自身のポリシーのDenyを確認してください。',
  'broker-policy-refuses':
    'Sekisho自身のポリシーが、このロールへのsts:AssumeRoleを許可していません。ロールのARNを追加してください。',
  'trust-policy-refuses':
    'ロールの信頼ポリシーがSekishoを許可していないか、条件（外部ID、組織、接続元）が合いません。',
  'assume-role-refused':
    'AWSは理由を示しません。次の順に確認してください。1. そのアカウントに、このパスのロールがあるか。2. 信頼ポリシーにSekishoのプリンシパルがあるか。3. 外部IDが両方で同じか。4. Sekisho自身のポリシーがsts:AssumeRoleを許可しているか。5. サービスコントロールポリシーが拒否していないか。',
  'duration-over-role-maximum':
    'ロールのMaxSessionDurationがconsoleDurationより短くなっています。どちらかを変更してください。',
  'duration-over-chaining-cap':
    'Sekisho自身の認証情報がロールのもので、連鎖したセッションは最長1時間です。consoleDurationを短くするか、連鎖しない認証情報で動かしてください。',
  'duration-out-of-range':
    'AWSが受け付けるセッションの長さは15分から12時間です。consoleDurationを変更してください。',
  'session-name-malformed':
    'ロールセッション名をAWSが受け付けませんでした。Sekishoの不具合です。リクエストIDとともに報告してください。',
  'source-identity-already-set':
    'Sekisho自身の認証情報にソースIDがすでに設定されており、変更できません。sourceIdentity: falseにするか、別の認証情報を使ってください。',
  'role-arn-malformed':
    'ロールのARNをAWSが受け付けません。roleNameとアカウントのパーティションを確認してください。',
  'tag-keys-duplicate':
    '同じキーのセッションタグが2つあります。AWSは大文字と小文字を区別しません。',
  'transitive-tag-missing': '推移的なタグが、セッションタグの中にありません。',
  'transitive-tag-conflict':
    'Sekisho自身の認証情報に同じキーの推移的なタグがあり、変更できません。セッションタグの名前を変えてください。',
  'request-malformed':
    'リクエストをAWSが受け付けませんでした。メッセージにある項目について、許可セットを確認してください。',
  'session-policy-malformed':
    'この許可セットのセッションポリシーをAWSが読み取れません。sessionPolicyを確認してください。',
  'packed-policy-too-large':
    'セッションポリシー、ポリシーARN、タグの合計が大きすぎます。セッションポリシーを短くするか、タグを減らしてください。',
  'region-disabled':
    'ロールのアカウントで、このリージョンのSTSが有効になっていません。IAMのアカウント設定で有効にするか、別のリージョンを設定してください。',
  'broker-credentials-expired':
    'Sekisho自身の認証情報の期限が切れています。SDKの標準の順序で見つかる認証情報を更新してください。',
  'broker-credentials-unknown':
    'Sekisho自身のアクセスキーをAWSが認識しません。削除済み、無効、または別のパーティションのものです。',
  'broker-credentials-missing':
    'このマシンに認証情報がありません。環境変数、共有ファイル、コンテナ、インスタンスメタデータを確認してください。',
  'clock-skew': 'Sekishoを動かしているマシンの時計が数分以上ずれています。時刻を同期してください。',
  'signature-mismatch':
    'Sekishoの署名をAWSが拒否しました。シークレットアクセスキーが合っていないか、プロキシがリクエストを変更しています。',
  throttled:
    'AWSが呼び出しを制限しています。頻度を下げるか、AWSに上限の引き上げを依頼してください。',
  'aws-fault':
    'AWS側の障害が報告されました。そのリージョンのヘルスダッシュボードを確認してください。',
  'answer-unreadable':
    'AWSの応答とは異なる内容が返りました。途中のプロキシなどを確認してください。',
  'timed-out':
    'AWSが時間内に応答しませんでした。経路、プロキシ、エンドポイントを確認してください。',
  unreachable:
    'AWSに接続できません。名前解決、接続、TLSのいずれかに失敗しました。エンドポイントとプロキシを確認してください。',
  'refused-otherwise':
    'Sekishoがまだ説明を持たない理由でAWSが拒否しました。AWSからのメッセージを確認してください。',
  'session-duration-refused':
    'フェデレーションエンドポイントがSessionDurationを受け付けませんでした。consoleSessionDuration: autoの場合、今後は省略します。',
  'federation-refused':
    'フェデレーションエンドポイントがロールの認証情報を拒否しました。セッションポリシーやサービスコントロールポリシーが、signin:GetSigninTokenまたはコンソールを禁じている可能性があります。',
  'federation-redirected':
    'フェデレーションエンドポイントが転送を返しました。認証情報が別の場所へ渡るため、転送には従いません。aws.endpoints.signInを確認してください。',
  'console-host-unknown':
    'このパーティションのコンソールのホスト名は公開されていません。aws.endpoints.consoleを設定してください。',
  unknown: 'この原因の説明はまだありません。AWSからのメッセージを確認してください。',
}
