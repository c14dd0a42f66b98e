import type { Words } from './en.ts';

export const zh: Words = {
  'layout.promise': '使用此服务器的应用永远看不到您的密码。',

  'common.errorTitle': '错误：{title}',
  'common.signedInAs': '当前登录账号',
  'common.useAnother': '使用其他账号',
  'common.signOut': '退出登录',
  'common.cancel': '取消',
  'common.newTab': '（在新标签页中打开）',

  'login.title': '登录',
  'login.heading': '登录',
  'login.toContinue': '以继续前往 {client}',
  'login.username': '用户名',
  'login.password': '密码',
  'login.submit': '登录',
  'login.demo': '演示账号：{username} / {password}',
  'login.noCookie': '您的浏览器没有发送我们的 Cookie。请允许本网站使用 Cookie，然后重试。',
  'login.outOfDate': '此页面已过期，请重新登录。',
  'login.invalid': '用户名或密码的格式无效，请检查后重试。',
  'login.missing': '请输入用户名和密码。',
  'login.wrong': '用户名或密码不正确。',
  'login.tooMany.one': '尝试次数过多，请在 1 分钟后重试。',
  'login.tooMany.other': '尝试次数过多，请在 {count} 分钟后重试。',

  'consent.title': '允许 {client} 访问？',
  'consent.question': '允许 {client} 使用您的账号吗？',
  'consent.questionIdentity': '要向 {client} 确认是您本人吗？',
  'consent.scopes': '该应用将能够',
  'consent.at': '适用于 {resources}',
  'consent.identityOnly':
    '该应用会得知您在此处登录过。它没有请求查看或更改您账号中任何内容的权限。',
  'consent.resourcesOnly':
    '该应用将能够代表您访问 {resources}。它没有说明要在那里做什么，因此能查看和更改哪些内容由那里决定，而不是在此处决定。',
  'consent.remembered': '您以前允许过该应用访问。',
  'consent.noAccess':
    '您可以拒绝：如果取消，该应用不会获得访问权限。无论如何选择，您都将返回 {place}。',
  'consent.noNewAccess':
    '您可以拒绝：如果取消，该应用不会获得新的访问权限。无论如何选择，您都将返回 {place}。',
  'consent.noIdentity':
    '您可以拒绝：如果取消，该应用不会得知您的任何信息。无论如何选择，您都将返回 {place}。',
  'consent.allow': '允许',
  'consent.outOfDate': '此页面已过期，请重新查看后再做决定。',
  'consent.choose': '请选择“{cancel}”或“{allow}”。',

  'signedIn.title': '已登录',
  'signedIn.heading': '您已登录',

  'signedOut.title': '已退出登录',
  'signedOut.heading': '您已退出登录',
  'signedOut.lede': '如果您与他人共用这台电脑，请同时关闭浏览器窗口。',
  'signedOut.again': '重新登录',

  'error.request.heading': '此次登录无法继续',
  'error.request.message': '将您带到此处的应用发来的请求有误。',
  'error.request.action': '请返回该应用重试。如果仍未解决，请将此页面提供给该应用的开发者。',
  'error.unknownClient.heading': '无法识别此应用',
  'error.unknownClient.message':
    '将您带到此处的应用未在此服务器上注册，因此无法通过这里登录该应用。',
  'error.unknownClient.action': '请返回该应用重试。如果仍未解决，请将此页面提供给该应用的开发者。',
  'error.redirectUri.heading': '无法让您返回此应用',
  'error.redirectUri.message':
    '该应用要求您返回的地址并未为其注册。这可能是应用出错，也可能是有人企图盗用您的账号。',
  'error.redirectUri.action':
    '我们没有向该地址发送任何内容。如果您信任该应用，请返回该应用重试，或将此页面提供给其开发者。',
  'error.over.heading': '此次登录已结束',
  'error.over.message': '登录已经完成，或者耗时过长。',
  'error.over.action': '请返回应用重新开始。',
  'error.tooMany.heading': '请稍等片刻',
  'error.tooMany.message': '来自此处的尝试次数过多。',
  'error.tooMany.action': '请稍后重试。',
  'error.notFound.heading': '此处没有内容',
  'error.notFound.message': '地址可能输入有误，或者页面已经移走。',
  'error.notFound.action': '请检查地址，或从首页开始。',
  'error.unavailable.heading': '请稍后重试',
  'error.unavailable.message': '服务器暂时无法响应。这不是您的问题。',
  'error.unavailable.action': '请稍等片刻，然后重新加载此页面。',
  'error.failure.heading': '我们这边出了问题',
  'error.failure.message': '这不是您的问题。',
  'error.failure.action':
    '请稍后重试。如果问题再次出现，请联系此服务器的管理者，并提供下方的请求 ID。',
  'error.home': '前往首页',
  'error.forDeveloper': '供应用开发者参考',
  'error.forHelp': '如需寻求帮助',
  'error.code': '错误',
  'error.sent': '发送的值',
  'error.registered': '已注册的值',
  'error.requestId': '请求 ID',
  'error.document': '各种错误的含义及修改方法：{document}',

  'home.title': '首页',
  'home.heading': '这是一个 OAuth\u00a02.0 授权服务器',
  'home.lede':
    '它让用户登录，询问用户应用可以做什么，并向应用发放用于您的 API 的 access token。任何应用都看不到密码。',
  'home.issuer': '颁发者',
  'home.signedOut': '您尚未登录。',
  'home.signIn': '登录',
  'home.try': '试一试',
  'home.trySignIn': '像从应用跳转过来那样登录',
  'home.tryAs': '以 {username} 的身份登录，密码为 {password}，然后选择“{allow}”。',
  'home.tryReturn': '您将返回应用，此时地址中带有 {code}。',
  'home.tryButton': '试用登录',
  'home.getToken': '获取 access token',
  'home.useToken': '使用 access token',
  'home.demo': '演示数据',
  'home.client': '客户端',
  'home.clientId': '客户端 ID',
  'home.secret': '密钥',
  'home.noSecret': '无，这是公开客户端',
  'home.grants': '授权类型',
  'home.redirectUri': '重定向 URI',
  'home.users.one': '用户',
  'home.users.other': '用户',
  'home.username': '用户名',
  'home.password': '密码',
  'home.demoOnly': '演示用的客户端和用户仅存在于非生产环境。',
  'home.endpoints': '端点',
  'home.method': '方法',
  'home.path': '路径',
  'home.what': '用途',
  'home.authorize': '客户端将用户带到这里登录并授予访问权限',
  'home.token': '客户端在这里获取 token',
  'home.revoke': '客户端在这里撤销 token',
  'home.introspect': '资源服务器在这里查询 token 是否有效',
  'home.jwks': '此服务器的公钥',
  'home.discovery': '客户端需要了解的有关此服务器的全部信息',
  'home.login': '登录',
  'home.logout': '退出登录',
  'home.account': '哪些应用可以访问账号，以及账号在哪里登录',
  'home.protected': '受保护的资源：需要 access token',

  'callback.title': '给客户端的 code',
  'callback.titleWithout': '没有 code',
  'callback.heading': '您已返回应用，应用获得了 code',
  'callback.headingWithout': '您已返回应用，但没有 code',
  'callback.lede':
    '此页面代表应用。服务器通过上方地址给了它一个 code，该 code 只能使用一次，且很快过期。接下来，应用会将 code 连同其密钥和 code verifier 发送到token endpoint，换取 token。',
  'callback.ledeWithout':
    '此页面代表应用。服务器已在上方地址中告知应用为何没有 code，应用应当用自己的话向用户说明。',
  'callback.next': '接下来',
  'callback.exchange': '用 code 换取 token',
  'callback.twice': '再运行一次',
  'callback.twiceWhy': '被使用两次的 code 可能已被盗用：服务器会拒绝它，并使由它产生的一切失效。',
  'callback.lookUp': '查询错误原因',
  'callback.restart': '重新开始',
  'callback.restartWhy': '您现在已登录，服务器会记住您所允许的内容。',
  'callback.restartButton': '再次试用登录',
  'callback.received': '应用收到的内容',
  'callback.answer': '响应',
  'callback.home': '首页',

  'account.title': '您的账号',
  'account.hint': '您以后可以在账号中收回此授权。',
  'account.now': '刚刚',
  'account.outOfDate': '此页面已过期，未作任何更改。请重试。',

  'account.apps': '可访问账号的应用',
  'account.apps.none': '没有应用可以访问您的账号。',
  'account.apps.more.one': '还有一个近期较少使用的应用可以访问。移除其他应用后，它会显示在这里。',
  'account.apps.more.other':
    '还有 {count} 个近期较少使用的应用可以访问。移除其他应用后，它们会显示在这里。',
  'account.app.can': '该应用可以',
  'account.app.at': '适用于 {resource}',
  'account.app.identity': '该应用知道是您本人。它没有权限做其他任何事情。',
  'account.app.actsAt': '该应用可以代表您访问 {resources}。它能查看和更改哪些内容，由那里决定。',
  'account.app.more.one': '它还可以访问另外一个地址。',
  'account.app.more.other': '它还可以访问另外 {count} 个地址。',
  'account.app.idle': '该应用目前没有访问权限，但可能无需询问您即可再次获得。',
  'account.app.since': '授权时间',
  'account.app.lastUsed': '上次使用',
  'account.app.remove': '移除访问权限',
  'account.app.removed': '{client} 已无法再访问您的账号。',

  'account.remove.title': '移除 {client} 的访问权限？',
  'account.remove.effect': '该应用将立即失去对您账号的访问权限，在您的所有设备上均是如此。',
  'account.remove.kept': '它已复制的内容仍会留在它那里。',
  'account.remove.again': '此操作无法撤销。如果您以后再次使用该应用，它必须重新征得您的同意。',

  'account.sessions': '已登录的浏览器',
  'account.sessions.only': '您没有在其他地方登录。',
  'account.sessions.endOthers': '退出所有其他登录',
  'account.sessions.othersEnded': '您已在所有其他地方退出登录。',
  'account.session.current': '此浏览器',
  'account.session.on': '{system} 上的 {browser}',
  'account.session.unknown': '未知浏览器',
  'account.session.unknownOn': '{system} 上的未知浏览器',
  'account.session.signedIn': '登录时间',
  'account.session.seen': '上次活动',
  'account.session.end': '退出登录',
  'account.session.ended': '该浏览器已退出登录。',

  'account.password': '密码',
  'account.password.changedAt': '上次更改',
  'account.password.change': '更改密码',
  'account.password.title': '更改密码',
  'account.password.effect': '您将在所有其他地方退出登录。',
  'account.password.appsKeep': '应用会保留其访问权限。',
  'account.password.appsLink': '查看哪些应用可以访问',
  'account.password.current': '当前密码',
  'account.password.new': '新密码',
  'account.password.again': '再次输入新密码',
  'account.password.rule': '至少 {count} 个字符。几个互不相关的词语既容易记住，又难以猜到。',
  'account.password.short': '新密码至少需要 {count} 个字符。',
  'account.password.easy': '新密码很容易被猜到：它几乎只是您的名字或连续的字符。请换一个密码。',
  'account.password.unusable': '新密码过长，或包含无法使用的字符。',
  'account.password.differ': '两次输入的新密码不一致。',
  'account.password.same': '这就是您现在的密码。请换一个密码。',
  'account.password.wrong': '当前密码不正确。',
  'account.password.meanwhile': '您的密码刚刚在其他地方被更改。',
  'account.password.tooMany.one': '密码错误次数过多。请在 1 分钟后重试。',
  'account.password.tooMany.other': '密码错误次数过多。请在 {count} 分钟后重试。',
  'account.password.changed': '您的密码已更改，并已在所有其他地方退出登录。',
  'account.password.appsKept': '应用会保留其访问权限：请移除您不认识的应用。',

  'playground.heading': '亲眼看 OAuth 运行',
  'playground.lede':
    '五个简短的章节，由您的浏览器与这台服务器实际演示。您会看到每个请求的原样、每个响应的原样，以及它们的含义。',
  'playground.noScript':
    '您的浏览器在此不运行脚本，因此本页面无法自行发送请求。同样的步骤以终端命令的形式列在下方。请用响应给您的值替换 {placeholder} 等占位符。',
  'playground.elsewhere':
    '从当前地址，本页面无法访问服务器，因为服务器对外使用另一个地址。请在那里打开：',
  'playground.insecure':
    '在普通 http 下，浏览器只为 localhost 上的页面计算 SHA-256。请通过 localhost 或 https 打开服务器，以便在此继续。',
  'playground.chapters': '章节',
  'playground.done': '（已完成）',
  'playground.restart': '重新开始',
  'playground.next': '下一章：{chapter}',
  'playground.comesLater': '在上一步之后进行。',
  'playground.needsSignIn': '本章接着 {chapter} 一章中的登录继续。',
  'playground.wrongTurns': '出错的情形',
  'playground.wrongTurnsLede':
    '失误与盗窃，以及它们的结果。每一种都使用各自的值演示，不影响上面的步骤。',

  'playground.home.title': '观看全过程',
  'playground.home.text':
    'Playground 在您的浏览器中逐步演示每个流程，并显示发送了什么、收到了什么。',
  'playground.home.open': '打开 Playground',

  'playground.request': '请求',
  'playground.answer': '响应',
  'playground.redirected': '响应（在地址栏中）',
  'playground.checked': '应用检查的内容',
  'playground.computation': '计算',
  'playground.ownHeaders':
    '请求标头中省略了每个浏览器都会自行添加的部分，例如 Host 和 User-Agent。',
  'playground.credentials': '该标头的 Base64 解码',
  'playground.whatHappened': '发生了什么',
  'playground.section': 'RFC {rfc} 第 {section} 节',
  'playground.orOpen': '请在浏览器中打开；返回后，code 就在地址栏中。',

  'playground.parties.appToServer': '应用向服务器发出请求',
  'playground.parties.appToApi': '应用调用 API',
  'playground.parties.apiToServer': 'API 向服务器查询',
  'playground.parties.browserToServer': '浏览器前往服务器',
  'playground.parties.browserToApp': '浏览器来到应用',
  'playground.parties.thiefToServer': '窃贼向服务器发出请求',
  'playground.parties.inTheApp': '在应用内部',

  'playground.send': '发送',
  'playground.sendAgain': '再次发送',
  'playground.compute': '计算',
  'playground.computeAgain': '重新生成',
  'playground.visit': '前往服务器',
  'playground.visitAgain': '再去一次',
  'playground.play': '试一试',
  'playground.playSigningIn': '登录并试一试',
  'playground.copy': '复制为 curl',
  'playground.copied': '已复制',
  'playground.answered': '响应：{status}',
  'playground.unreachable': '没有响应：无法访问服务器。它在运行吗？',
  'playground.unexpected':
    '故事无法从这个响应继续。code 有效时间很短且只能用一次，token 也会失效。请回到取得它的那一步，或重新开始。',
  'playground.denied':
    '用户拒绝了，服务器如实告知应用。没有 code，也就没有可兑换的东西。应用应当用自己的话说明，并可在用户愿意时再次请求。',
  'playground.opaque': '不透明：一串本身没有含义的随机字符。只有服务器知道它代表什么。',
  'playground.jwt':
    'JWT：任何人都能读取其内容，但只有服务器能为它签名。API 用 {keys} 处的密钥验证它。',
  'playground.jwtHeader': 'Header',
  'playground.jwtClaims': 'Claims',
  'playground.withCode': '带着 code 返回',
  'playground.withoutCode': '返回时没有 code',
  'playground.refusedByApp': '被应用拒绝',
  'playground.sameState': '与应用发送的相同',
  'playground.otherState': '不是应用发送的那个，应为 {expected}',
  'playground.noState': '应用没有发送过：当前没有进行中的登录',
  'playground.sameIssuer': '正是应用所请求的服务器',
  'playground.otherIssuer': '不是应用所请求的服务器，应为 {expected}',

  'playground.client-credentials.title': '应用为自己获取 token',
  'playground.client-credentials.lede':
    '夜间运行的任务，或一个服务调用另一个服务：没有用户可以询问。应用代表自己行事，并用密钥证明自己的身份。',
  'playground.client-token.title': '请求 access token',
  'playground.client-token.intro':
    '应用把自己的 client id 和密钥发送到 token endpoint。在演示之外，密钥绝不会出现在网页里；这里的密钥是公开的。',
  'playground.client-token.outcome':
    '服务器认出了该客户端，并签发了 access token。没有 refresh token：应用可以随时再次请求。',
  'playground.client-use.title': '用它调用 API',
  'playground.client-use.intro':
    '每次调用时，token 都放在 Authorization 标头中。本演示的 API 是 {api}。',
  'playground.client-use.outcome':
    'API 放行了这次调用：token 有效，是签发给这个 API 使用的，并且具有此处所需的 scope。',

  'playground.scope.title': '请求不被允许的 scope',
  'playground.scope.intro': '应用请求 {scope}，而从来没有人授予过它。',
  'playground.scope-token.outcome':
    '服务器予以拒绝，并说明应用可以拥有什么。如果悄悄给出权限较少的 token，问题只会在以后出现在没人会去找原因的地方。',

  'playground.authorization-code.title': '用户允许应用访问',
  'playground.authorization-code.lede':
    '应用想使用属于某位用户的东西。用户在服务器上同意，应用永远看不到密码。这个应用在浏览器中运行，无法为密钥保密，因此由 PKCE 保护它。',
  'playground.person-pkce.title': '为这一次登录生成秘密',
  'playground.person-pkce.intro':
    '应用生成一个 code verifier 并自己保存。它首先只会发送其哈希值，即 code challenge。它还会生成一个 state，用来认出对自己请求的响应。',
  'playground.person-pkce.outcome':
    '没有人能从 challenge 算出 verifier。即使有人偷走接下来的 code，也毫无用处。',
  'playground.person-authorize.title': '把用户送到服务器',
  'playground.person-authorize.intro':
    '浏览器带着地址中的请求离开本页面。请以 {username} 和密码 {password} 登录并允许访问，然后您就会回到这里。',
  'playground.person-authorize.outcome':
    '服务器让浏览器带着 code 返回。在使用 code 之前，应用检查两点：state 必须是它发送的那个，iss 必须是它所请求的服务器。',
  'playground.person-exchange.title': '用 code 兑换 token',
  'playground.person-exchange.intro':
    'code 经过了地址栏，别人可能已经看到。它只有与 verifier 一起才有用，只能用一次，而且有效时间不长。',
  'playground.person-exchange.outcome':
    '服务器计算 verifier 的哈希值，得到了之前请求中的 challenge，于是签发了两个 token。access token 用于 API；refresh token 除了这里不会发送到任何地方。',
  'playground.person-use.title': '代表用户调用 API',
  'playground.person-use.intro': '与第一章相同的调用，只是换了 token。',
  'playground.person-use.outcome':
    '现在有了 sub：API 知道应用在代表谁调用。scope 正是用户所允许的，不多也不少。',

  'playground.redirect.title': '使用未注册的 redirect URI',
  'playground.redirect.intro': '如果 code 可以发送到任意地址，窃贼就会填上自己的地址：{uri}。',
  'playground.redirect-authorize.outcome':
    '服务器向用户显示错误页面，不会把任何人送到任何地方。该地址不属于它所知的任何客户端，因此连错误也不会发往那里。',
  'playground.state.title': '带着另一个 state 返回',
  'playground.state.intro':
    '有人发给您一个链接。它看起来像服务器的响应，里面却是对方账号的 code。如果应用接受了它，您就会以别人的身份登录。',
  'playground.state-forged.outcome':
    '应用从未发送过这个 state，所以这是对别人请求的响应。应用不采用其中任何内容，code 也不会发往任何地方。',
  'playground.verifier.title': '更换 verifier',
  'playground.verifier.intro':
    '窃贼在途中读到了 code。verifier 从未离开应用，于是窃贼自己编造了一个。',
  'playground.signIn.title': '用户登录并允许',
  'playground.redeem.title': '应用兑换它的 code',
  'playground.verifier-wrong.title': 'code 配上编造的 verifier',
  'playground.verifier-wrong.outcome':
    '这个 verifier 的哈希值不是 challenge，因此服务器什么也不给。这正是 PKCE 的用途。',
  'playground.verifier-right.title': 'code 配上正确的 verifier',
  'playground.verifier-right.outcome':
    '刚才的尝试没有用掉 code。持有 verifier 的应用仍然能拿到它的 token。',
  'playground.replay.title': '两次使用同一个 code',
  'playground.replay.intro': '应用兑换了它的 code。随后同样的请求再次到来，发送者是记录下它的人。',
  'playground.replay-again.title': '同样的请求再来一次',
  'playground.replay-again.outcome':
    'code 只能用一次。15 秒之内再次到来的，可能是没有收到响应的应用自己，它只会得到一个错误。在那之后，说明不该拥有它的人拥有了它，服务器也会终止为该 code 签发的一切。',

  'playground.refresh.title': '无需用户，获取新的 token',
  'playground.refresh.lede':
    'access token 的有效期很短：被盗的 token 很快就一文不值。应用用 refresh token 获取下一个，这样就不必每小时都让人登录。',
  'playground.person-refresh.title': '兑换 refresh token',
  'playground.person-refresh.intro':
    '它只发送到 token endpoint，绝不发送到 API，并且必须来自它所签发给的那个客户端。',
  'playground.person-refresh.outcome':
    '得到了新的 access token，以及新的 refresh token。旧的已被轮换：它已被用掉，以后谁再出示它，就暴露了它曾被盗。',
  'playground.reuse.title': '重复使用已轮换的 refresh token',
  'playground.reuse.intro':
    '应用刷新了两次。随后它的第一个 refresh token 再次出现，来自及时复制了它的窃贼。',
  'playground.reuse-first.title': '应用刷新',
  'playground.reuse-second.title': '应用再次刷新',
  'playground.reuse-again.title': '再次使用第一个 refresh token',
  'playground.reuse-again.outcome':
    '它的后继已经被使用过，说明有两方持有这次登录的 token，其中一方是偷来的。服务器无法知道自己在和哪一方对话。',
  'playground.reuse-use.title': '用最新的 access token 调用',
  'playground.reuse-use.outcome':
    '由这次登录产生的一切都已终止，对双方都是如此。用户可以重新登录，窃贼不能。',

  'playground.introspection.title': 'token 有什么价值？',
  'playground.introspection.lede':
    '收到 token 的 API 必须知道它是否有效、允许什么。它可以询问签发 token 的服务器。',
  'playground.person-introspect.title': '询问 access token',
  'playground.person-introspect.intro':
    'API 要证明自己的身份，因为不是谁都可以查看 token。在本演示中，它使用第一章的客户端。',
  'playground.person-introspect.outcome':
    '关键是 active。其余内容说明 token 是为谁、签发给哪个客户端、用于什么以及有效到何时。',
  'playground.unknown.title': '询问一个没有人签发过的 token',
  'playground.unknown.intro': '有人向 API 发送了一个编造的 token。',
  'playground.unknown-introspect.outcome':
    '这不是错误：提问本身没有问题，只是答案是否定的。token 是编造的、已过期还是被撤销，都无须让他人知道。',

  'playground.revocation.title': '结束',
  'playground.revocation.lede': '用户退出应用，或删除应用。好的应用会交还它不再需要的东西。',
  'playground.person-revoke.title': '交还 refresh token',
  'playground.person-revoke.intro':
    '随着 refresh token，由同一次登录产生的一切都会终止。也可以只交还 access token。',
  'playground.person-revoke.outcome':
    '这些 token 已终止。对于服务器不认识的 token，响应也是一样：没了就是没了。',
  'playground.person-gone.title': '再次询问 access token 的价值',
  'playground.person-gone.intro': '它还没有过期。',
  'playground.person-gone.outcome': '它立刻就毫无价值了。对于无效的 token，服务器不再多说什么。',
  'playground.revoked.title': '使用已撤销的 token',
  'playground.revoked.intro': '应用交还了它的 token，然后仍用它调用 API。',
  'playground.revoked-token.title': '应用为自己获取 token',
  'playground.revoked-revoke.title': '应用将它交还',
  'playground.revoked-use.title': '仍然用它调用',
  'playground.revoked-use.outcome':
    'API 拒绝了这次调用，并在 WWW-Authenticate 中说明原因。应用应当获取新的 token，再试一次，仅此一次。',
};
