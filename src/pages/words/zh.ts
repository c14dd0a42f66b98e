import type { Words } from './en.ts';

export const zh: Words = {
  'layout.promise': '使用此服务器的应用永远看不到您的密码。',

  'common.errorTitle': '错误：{title}',
  'common.signedInAs': '当前账号',
  'common.useAnother': '使用其他账号',
  'common.signOut': '退出登录',
  'common.cancel': '取消',
  'common.newTab': '（在新标签页中打开）',

  'login.title': '登录',
  'login.heading': '登录',
  'login.toContinue': '以继续使用 {client}',
  'login.username': '用户名',
  'login.password': '密码',
  'login.submit': '登录',
  'login.help': '无法登录？',
  'login.demo': '演示账号：{username} / {password}',
  'login.noCookie': '您的浏览器没有发送我们的 Cookie。请允许本网站使用 Cookie，然后重试。',
  'login.outOfDate': '此页面已过期，请重新登录。',
  'login.invalid': '用户名或密码无效，请检查后重试。',
  'login.missing': '请输入用户名和密码。',
  'login.wrong': '用户名或密码不正确。',
  'login.disabled': '此账号已被停用，请联系管理员。',
  'login.tooMany.one': '尝试次数过多，请在 1 分钟后重试。',
  'login.tooMany.other': '尝试次数过多，请在 {count} 分钟后重试。',

  'client.open': '打开应用',
  'client.policy': '隐私政策',
  'client.tos': '服务条款',

  'selfMade.heading': '您认识此应用吗？',
  'selfMade.claimed': '名称和图片由该应用自行提供，此处无人核实。',
  'selfMade.claimedName': '名称由该应用自行提供，此处无人核实。',
  'selfMade.host': '发布于',
  'selfMade.returnsTo': '您将返回',
  'selfMade.onDevice':
    '该应用在您的设备上运行，设备上的任何程序都可能冒充它。仅当您刚刚亲自发起此操作时，才可继续。',

  'consent.title': '允许 {client} 访问吗？',
  'consent.question': '允许 {client} 使用您的账号吗？',
  'consent.questionIdentity': '允许 {client} 知道您是谁吗？',
  'consent.scopes': '该应用将能够',
  'consent.at': '适用于 {resources}',
  'consent.identityOnly': '该应用会得知您在此处登录过。它没有请求查看或更改您账号内容的权限。',
  'consent.resourcesOnly':
    '该应用将能够代表您访问 {resources}。它没有说明要在那里做什么。它能查看和更改哪些内容由对方决定，而不是在此处决定。',
  'consent.new': '新增',
  'consent.remembered': '您以前允许过该应用。',
  'consent.noAccess': '如果取消，该应用不会获得访问权限。无论如何选择，您都将返回 {place}。',
  'consent.noNewAccess': '如果取消，该应用不会获得新的访问权限。无论如何选择，您都将返回 {place}。',
  'consent.noIdentity': '如果取消，该应用不会得知您的任何信息。无论如何选择，您都将返回 {place}。',
  'consent.noNewIdentity':
    '如果取消，该应用不会得知您的任何新信息。无论如何选择，您都将返回 {place}。',
  'consent.allow': '允许',
  'consent.outOfDate': '此页面已过期，请重新查看后再做决定。',
  'consent.choose': '请选择“{cancel}”或“{allow}”。',

  'scope.openid': '确认您的身份',
  'scope.profile': '查看您的姓名和个人资料',
  'scope.email': '查看您的电子邮件地址',
  'scope.address': '查看您的邮寄地址',
  'scope.phone': '查看您的电话号码',
  'scope.groups': '查看您所在的群组',
  'scope.offline_access': '在您不使用该应用时保留此访问权限',

  'consent.claims': '查看您的以下信息',
  'claim.none': '尚未保存任何信息',
  'claim.confirmed': '已验证',
  'claim.unconfirmed': '未验证',
  'claim.yes': '是',
  'claim.no': '否',
  'claim.name': '姓名',
  'claim.given_name': '名',
  'claim.family_name': '姓',
  'claim.middle_name': '中间名',
  'claim.nickname': '昵称',
  'claim.preferred_username': '用户名',
  'claim.profile': '个人主页',
  'claim.picture': '头像',
  'claim.website': '网站',
  'claim.gender': '性别',
  'claim.birthdate': '出生日期',
  'claim.zoneinfo': '时区',
  'claim.locale': '语言',
  'claim.updated_at': '更新时间',
  'claim.email': '电子邮件地址',
  'claim.email_verified': '电子邮件地址已验证',
  'claim.address': '邮寄地址',
  'claim.phone_number': '电话号码',
  'claim.phone_number_verified': '电话号码已验证',
  'claim.groups': '群组',

  'device.title': '连接设备',
  'device.lede': '请输入您的设备或应用上显示的代码。',
  'device.check': '这是您的设备或应用上显示的代码吗？',
  'device.code': '代码',
  'device.hint': '八个字母，例如 {example}',
  'device.continue': '继续',
  'device.missing': '请输入代码。',
  'device.malformed': '代码由八个字母组成，例如 {example}。请检查后重试。',
  'device.unknown': '此代码不正确或已过期。请检查代码，或在设备上获取新的代码。',
  'device.outOfDate': '此页面已过期，请重试。',
  'device.tooMany.one': '错误的代码过多，请在 1 分钟后重试。',
  'device.tooMany.other': '错误的代码过多，请在 {count} 分钟后重试。',
  'device.review.title': '允许设备上的 {client} 访问吗？',
  'device.review.question': '允许设备上的 {client} 使用您的账号吗？',
  'device.review.warning': '这是您自己发起的吗？',
  'device.review.warningText':
    '仅当代码 {code} 显示在您自己的设备上时，才可继续。如果此代码是别人发给您的，请取消，否则对方将能进入您的账号。',
  'device.review.asked': '请求时间',
  'device.review.from': '来自',
  'device.review.same': '与此浏览器的地址相同',
  'device.review.ifNo': '如果取消，该设备不会获得访问权限。',
  'device.allowed.title': '已允许访问',
  'device.allowed.lede': '请回到设备上的 {client}。它会在几秒钟内自动继续。',
  'device.denied.title': '已拒绝访问',
  'device.denied.lede': '{client} 不会获得访问权限。您可以关闭此页面。',
  'device.over.title': '此请求已结束',
  'device.over.lede': '它已得到处理，或者耗时过长。如果您的设备尚未登录，请在设备上获取新的代码。',

  'signedIn.title': '已登录',
  'signedIn.heading': '您已登录',

  'endSession.title': '要退出登录吗？',
  'endSession.titleFor': '{client} 请求您退出登录',
  'endSession.lede':
    '退出后，您在此处的登录将结束。您在此浏览器中用此账号登录过的应用也会收到退出通知。',
  'endSession.stay': '保持登录',
  'endSession.returns': '无论如何选择，您都将返回 {place}。',

  'signedOut.title': '已退出登录',
  'signedOut.heading': '您已退出登录',
  'signedOut.lede': '如果您与他人共用这台电脑，请同时关闭浏览器窗口。',
  'signedOut.told.one': '您也已退出 {apps}。',
  'signedOut.told.other': '您也已退出 {apps}。',
  'signedOut.underWay.one': '正在通知 {apps}：您已退出登录。',
  'signedOut.underWay.other': '正在通知 {apps}：您已退出登录。',
  'signedOut.missed.one': '暂时无法联系到 {apps}。您在那里可能仍处于登录状态。',
  'signedOut.missed.other': '暂时无法联系到 {apps}。您在那里可能仍处于登录状态。',
  'signedOut.unknown.one': '您在 {apps} 中可能仍处于登录状态。请在那里也退出登录。',
  'signedOut.unknown.other': '您在 {apps} 中可能仍处于登录状态。请在那里也退出登录。',
  'signedOut.keeping.one': '{apps} 仍可访问您的账号。',
  'signedOut.keeping.other': '{apps} 仍可访问您的账号。',
  'signedOut.others.one': '另外 {count} 个应用',
  'signedOut.others.other': '另外 {count} 个应用',
  'common.goOn': '前往 {place}',
  'signedOut.again': '重新登录',

  'formPost.title': '返回应用',
  'formPost.heading': '正在返回 {place}',
  'formPost.lede': '如果没有自动跳转，请选择“{continue}”。',
  'formPost.continue': '继续',

  'error.request.heading': '此次登录无法继续',
  'error.request.message': '引导您来到此处的应用发送了有误的请求。',
  'error.request.action': '请返回该应用重试。如果仍未解决，请将此页面提供给该应用的开发者。',
  'error.notSignedIn.heading': '您需要先登录',
  'error.notSignedIn.message':
    '该应用询问您是否已在此处登录。您尚未登录，或者登录情况不符合其要求。',
  'error.notSignedIn.action': '请继续前往该应用，之后可从那里登录。',
  'error.notAllowed.heading': '该应用需要您的参与才能继续',
  'error.notAllowed.message':
    '它试图在不询问您的情况下继续，但需要您的许可，或者您需要先完成某些操作。',
  'error.notAllowed.action': '请继续前往该应用，之后它会再询问您。',
  'error.unknownClient.heading': '无法识别此应用',
  'error.unknownClient.message':
    '引导您来到此处的应用未在此服务器上注册，因此无法在这里登录该应用。',
  'error.unknownClient.action': '请返回该应用重试。如果仍未解决，请将此页面提供给该应用的开发者。',
  'error.clientDocument.heading': '无法确认这是哪个应用',
  'error.clientDocument.message':
    '引导您来到此处的应用通过网上的一份文档说明自己的身份，但此服务器无法使用该文档。',
  'error.clientDocument.action':
    '请返回该应用，稍后重试。如果仍未解决，请将此页面提供给该应用的开发者。',
  'error.redirectUri.heading': '无法让您返回此应用',
  'error.redirectUri.message':
    '该应用要求您返回一个未注册的地址。这可能是应用出错，也可能是有人企图盗用您的账号。',
  'error.redirectUri.action':
    '我们没有向该地址发送任何内容。如果您信任该应用，请返回该应用重试，或将此页面提供给其开发者。',
  'error.over.heading': '此次登录已结束',
  'error.over.message': '登录已经完成，或者耗时过长。',
  'error.over.action': '请返回应用重新开始。',
  'error.signOut.heading': '此次退出登录无法继续',
  'error.signOut.message': '引导您来到此处的应用发送了有误的请求，因此您在此处尚未退出登录。',
  'error.signOut.action':
    '您仍可在此处退出登录。如果再次出现此问题，请将此页面提供给该应用的开发者。',
  'error.nothingToSignOut.heading': '您尚未在此处登录',
  'error.nothingToSignOut.message': '引导您来到此处的应用想让您退出登录，但发送了有误的请求。',
  'error.nothingToSignOut.action':
    '您无需在此处退出登录。如果再次出现此问题，请将此页面提供给该应用的开发者。',
  'error.tooMany.heading': '请稍等片刻',
  'error.tooMany.message': '您所在的网络尝试次数过多。',
  'error.tooMany.action': '请稍后重试。',
  'error.notFound.heading': '此处没有内容',
  'error.notFound.message': '地址可能输入有误，或者页面已被移动。',
  'error.notFound.action': '请检查地址，或前往首页。',
  'error.unavailable.heading': '请稍后重试',
  'error.unavailable.message': '服务器暂时无法响应。这不是您的问题。',
  'error.unavailable.action': '请稍等片刻，然后重新加载此页面。',
  'error.failure.heading': '我们这边出了问题',
  'error.failure.message': '这不是您的问题。',
  'error.failure.action':
    '请稍后重试。如果问题再次出现，请联系此服务器的管理员，并提供下方的请求 ID。',
  'error.home': '前往首页',
  'error.forDeveloper': '供应用开发者参考',
  'error.forHelp': '如需寻求帮助',
  'error.code': '错误',
  'error.sent': '发送的值',
  'error.registered': '已注册的值',
  'error.requestId': '请求 ID',
  'error.document': '各种错误的含义及修改方法：{document}',

  'home.title': '首页',
  'home.heading': '这是一个 OAuth\u00a02.0 授权服务器和 OpenID 提供方',
  'home.lede':
    '它让用户登录，询问用户允许应用做什么，并向应用颁发用于您的 API 的 access token。任何应用都看不到密码。',
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
  'home.noSecret': '无（公开客户端）',
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
  'home.authorize': '客户端将用户引导到这里，由用户登录并授予访问权限',
  'home.token': '客户端在这里获取 token',
  'home.revoke': '客户端在这里撤销 token',
  'home.introspect': '资源服务器在这里检查 token',
  'home.userinfo': '客户端在此查询用户是谁',
  'home.deviceAuthorization': '没有浏览器的设备在此获取代码',
  'home.device': '用户在此输入设备的代码',
  'home.jwks': '此服务器的公钥',
  'home.discovery': '客户端需要了解的有关此服务器的全部信息',
  'home.openidDiscovery': '同样的信息，供 OpenID Connect 客户端使用',
  'home.login': '登录',
  'home.logout': '退出登录',
  'home.account': '查看哪些应用可以访问账号，以及账号在哪里登录',
  'home.protected': '受保护的资源：需要 access token',

  'callback.title': '给客户端的 code',
  'callback.titleWithout': '没有 code',
  'callback.heading': '您已返回应用，应用获得了 code',
  'callback.headingWithout': '您已返回应用，但没有 code',
  'callback.lede':
    '此页面代表应用。服务器通过上方地址给了它一个 code，该 code 只能使用一次，且很快过期。接下来，应用会将 code 连同自己的密钥和 code verifier 发送到 token endpoint，换取 token。',
  'callback.ledeWithout':
    '此页面代表应用。上方地址说明了为何没有 code。应用应当用自己的话向用户解释。',
  'callback.next': '接下来',
  'callback.exchange': '用 code 换取 token',
  'callback.twice': '再运行一次',
  'callback.twiceWhy':
    'code 只能使用一次，因此服务器会拒绝它。超过 15 秒后，它可能已被盗用，服务器还会撤销为它颁发的一切。',
  'callback.lookUp': '查询错误原因',
  'callback.restart': '重新开始',
  'callback.restartWhy': '您现在已登录，服务器会记住您所允许的内容。',
  'callback.restartButton': '再次试用登录',
  'callback.received': '应用收到的内容',
  'callback.answer': '响应',
  'callback.home': '首页',

  'account.title': '您的账号',
  'account.hint': '您以后可以在账号中移除此访问权限。',
  'account.now': '刚刚',
  'account.outOfDate': '此页面已过期，未作任何更改。请重试。',

  'account.apps': '可访问账号的应用',
  'account.apps.none': '没有应用可以访问您的账号。',
  'account.apps.more.one': '还有 1 个近期较少使用的应用可以访问。移除其他应用后，它会显示在这里。',
  'account.apps.more.other':
    '还有 {count} 个近期较少使用的应用可以访问。移除其他应用后，它们会显示在这里。',
  'account.app.can': '该应用可以',
  'account.app.at': '适用于 {resource}',
  'account.app.identity': '该应用知道您是谁。除此之外，它没有任何权限。',
  'account.app.actsAt': '该应用可以代表您访问 {resources}。它能查看和更改哪些内容由对方决定。',
  'account.app.further.one': '另外 {count} 项权限',
  'account.app.further.other': '另外 {count} 项权限',
  'account.app.more.one': '它还可以访问另外 1 个地址。',
  'account.app.more.other': '它还可以访问另外 {count} 个地址。',
  'account.app.idle': '该应用目前没有访问权限，但可能无需再次询问您即可重新获得。',
  'account.app.untilSignOut': '在您退出登录之前，它可以访问您的账号。',
  'account.app.keeps': '您退出登录后，它仍可访问您的账号。',
  'account.app.since': '授权时间',
  'account.app.lastUsed': '上次使用',
  'account.app.remove': '移除访问权限',
  'account.app.removed': '{client} 已无法再访问您的账号。',

  'account.remove.title': '移除 {client} 的访问权限？',
  'account.remove.effect': '该应用将立即失去对您账号的访问权限，在您的所有设备上都是如此。',
  'account.remove.kept': '它已复制的内容仍会保留。',
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
  'account.password.appsKeep': '退出登录后仍可访问的应用这次也会保留其访问权限。',
  'account.password.appsLink': '查看哪些应用可以访问',
  'account.password.current': '当前密码',
  'account.password.new': '新密码',
  'account.password.again': '再次输入新密码',
  'account.password.rule': '至少 {count} 个字符。几个互不相关的词语既容易记住，又难以猜到。',
  'account.password.short': '新密码至少需要 {count} 个字符。',
  'account.password.easy':
    '新密码很容易被猜到：它几乎只是您的名字，或一串简单的字符。请换一个密码。',
  'account.password.unusable': '新密码过长，或包含无法使用的字符。',
  'account.password.differ': '两次输入的新密码不一致。',
  'account.password.same': '这就是您现在的密码。请换一个密码。',
  'account.password.wrong': '当前密码不正确。',
  'account.password.meanwhile': '您的密码刚刚在其他地方被更改。',
  'account.password.tooMany.one': '密码错误次数过多。请在 1 分钟后重试。',
  'account.password.tooMany.other': '密码错误次数过多。请在 {count} 分钟后重试。',
  'account.password.changed': '您的密码已更改，您已在所有其他地方退出登录。',
  'account.password.appsKept': '退出登录后仍可访问的应用会保留其访问权限。请移除您不认识的应用。',

  'resetPassword.title': '设置新密码',
  'resetPassword.submit': '设置密码',
  'resetPassword.effect': '您将在所有地方退出登录。',
  'resetPassword.over': '此链接无法使用',
  'resetPassword.over.text':
    '用于设置新密码的链接只能使用一次，且仅在短时间内有效。如果您已通过它设置了密码，请登录；否则，请向给您发送链接的人索取新链接。',
  'resetPassword.set': '您的新密码已设置。请使用新密码登录。',

  'playground.heading': '亲眼看看 OAuth 如何运行',
  'playground.lede':
    '您的浏览器将与这台服务器实际演示七个简短的章节。您会看到每个请求和每个响应的原样，以及它们的含义。',
  'playground.noScript':
    '您的浏览器在此不运行脚本，因此本页面无法自行发送请求。同样的步骤以终端命令的形式列在下方。请用响应中的值替换 {placeholder} 等占位符。',
  'playground.elsewhere': '在当前地址，本页面无法访问服务器。请在服务器自己的地址打开：',
  'playground.insecure':
    '在未加密的 http 下，浏览器只为 localhost 上的页面计算 SHA-256。要继续，请通过 localhost 或 https 打开服务器。',
  'playground.chapters': '章节',
  'playground.done': '（已完成）',
  'playground.restart': '重新开始',
  'playground.next': '下一章：{chapter}',
  'playground.comesLater': '完成上一步后可用。',
  'playground.needsSignIn': '请先在 {chapter} 一章中登录，此处从那里继续。',
  'playground.wrongTurns': '错误与攻击',
  'playground.wrongTurnsLede':
    '可能出现的问题，以及它们的结果。每一种都使用自己的值，不影响上面的步骤。',
  'playground.wrongTurnsOfSteps':
    '可能出现的问题，以及它们的结果。它们使用上面步骤中的 ID token，不影响这些步骤。',
  'playground.needsSteps': '验证上面的 ID token 后可用。',

  'playground.home.title': '观看全过程',
  'playground.home.text':
    'Playground 在您的浏览器中逐步演示每个流程，并显示发送了什么、收到了什么。',
  'playground.home.open': '打开 Playground',

  'playground.request': '请求',
  'playground.answer': '响应',
  'playground.redirected': '响应（在地址中）',
  'playground.checked': '应用检查的内容',
  'playground.computation': '计算',
  'playground.ownHeaders': '请求中未显示每个浏览器都会自行添加的标头，例如 Host 和 User-Agent。',
  'playground.credentials': '该标头的 Base64 解码',
  'playground.encoded': '%40 表示 @：ID 与密钥在 Base64 编码之前先按表单方式编码。',
  'playground.whatHappened': '发生了什么',
  'playground.section': '{document} 第 {section} 节',
  'playground.orOpen': '请在浏览器中打开。返回后，code 就在地址中。',

  'playground.parties.appToServer': '应用向服务器发出请求',
  'playground.parties.appToApi': '应用调用 API',
  'playground.parties.apiToServer': 'API 向服务器查询',
  'playground.parties.browserToServer': '浏览器前往服务器',
  'playground.parties.browserToApp': '浏览器来到应用',
  'playground.parties.thiefToServer': '窃贼向服务器发出请求',
  'playground.parties.deviceToServer': '设备向服务器请求',
  'playground.parties.inTheApp': '在应用内部',

  'playground.send': '发送',
  'playground.sendAgain': '再次发送',
  'playground.compute': '计算',
  'playground.computeAgain': '重新生成',
  'playground.visit': '前往服务器',
  'playground.visitAgain': '再次前往',
  'playground.verify': '验证',
  'playground.verifyAgain': '再次验证',
  'playground.play': '试一试',
  'playground.playSigningIn': '登录并试一试',
  'playground.copy': '复制为 curl',
  'playground.copied': '已复制',
  'playground.answered': '响应：{status}',
  'playground.unreachable': '没有响应：无法连接服务器。它在运行吗？',
  'playground.unexpected':
    '无法从这个响应继续后面的步骤。code 只能使用一次且很快过期，token 也可能过期或被撤销。请回到取得它的那一步，或重新开始。',
  'playground.denied':
    '用户拒绝了，服务器已告知应用。没有可以兑换的 code。应用应当用自己的话向用户解释，并允许重试。',
  'playground.opaque': '不透明：一串本身没有含义的随机字符。只有服务器知道它代表什么。',
  'playground.jwt': 'JWT：任何人都能读取，但只有服务器能签名。API 使用 {keys} 处的密钥验证它。',
  'playground.idToken': '供应用自己使用的 JWT：它说明是谁登录了。应用先验证它，再采信它。',
  'playground.jwtHeader': 'Header',
  'playground.jwtClaims': 'Claims',
  'playground.withCode': '带着 code 返回',
  'playground.withoutCode': '返回时没有 code',
  'playground.refusedByApp': '被应用拒绝',
  'playground.acceptedByApp': '已被应用接受',
  'playground.sameState': '正是应用发送的那个',
  'playground.otherState': '不是应用发送的那个，应为 {expected}',
  'playground.noState': '应用没有发送过：当前没有正在进行的登录',
  'playground.sameIssuer': '正是应用所请求的服务器',
  'playground.otherIssuer': '不是应用所请求的服务器，应为 {expected}',
  'playground.sameAsInToken': '与 ID token 中的相同',
  'playground.notExpected': '应用期望的是 {expected}。',
  'playground.expired': '已过期：应用的时钟显示 {now}。',
  'playground.notSigned': '不匹配：服务器没有签署过这些 claim。',
  'playground.claim.signature': '由服务器用 header 中指明的密钥生成，此后没有任何改动。',
  'playground.claim.iss': '由谁颁发：正是应用所请求的服务器。',
  'playground.claim.aud': '颁发给谁：这个应用。',
  'playground.claim.exp': '应用可以接受它的截止时间。',
  'playground.claim.iat': '颁发时间。',
  'playground.claim.nonce': '属于哪次登录：应用发起的那一次。',
  'playground.claim.at_hash': '属于哪个 access token，以其哈希值的一半表示。',
  'playground.claim.sub': '用户是谁。这个标识符永不改变，不像姓名。',
  'playground.claim.azp': '由哪个应用请求。',
  'playground.claim.auth_time': '用户在服务器上登录的时间。',
  'playground.claim.acr': '登录的强度。',
  'playground.claim.amr': '用户的登录方式：pwd 表示密码。',
  'playground.claim.sid': '来自服务器上的哪个会话，以便在会话结束时通知应用。',

  'playground.client-credentials.title': '应用为自己获取 token',
  'playground.client-credentials.lede':
    '夜间运行的任务，或调用另一个服务的服务：没有用户可以询问。应用以自己的身份行事，并用密钥证明身份。',
  'playground.client-token.title': '请求 access token',
  'playground.client-token.intro':
    '应用将自己的客户端 ID 和密钥发送到 token endpoint。真正的密钥绝不会出现在网页中；这里的密钥是公开的。',
  'playground.client-token.outcome':
    '服务器验证了客户端的身份，并颁发了 access token。没有 refresh token：应用可以随时请求新的 access token。',
  'playground.client-use.title': '用它调用 API',
  'playground.client-use.intro':
    '每次调用时，token 都放在 Authorization 标头中。本演示的 API 是 {api}。',
  'playground.client-use.outcome':
    'API 接受了这次调用：token 有效，它是颁发给这个 API 使用的，并且具有所需的 scope。',

  'playground.scope.title': '请求未获允许的 scope',
  'playground.scope.intro': '应用请求 {scope}，而它无权拥有。',
  'playground.scope-token.outcome':
    '服务器予以拒绝，并说明应用可以拥有什么。如果颁发权限较少的 token，问题以后才会出现，原因也更难查找。',

  'playground.authorization-code.title': '用户允许应用访问',
  'playground.authorization-code.lede':
    '应用想使用属于用户的内容。用户在服务器上同意，应用始终看不到密码。这个应用在浏览器中运行，无法保守密钥，因此由 PKCE 保护。',
  'playground.person-pkce.title': '为这次登录生成一个秘密值',
  'playground.person-pkce.intro':
    '应用生成一个 code verifier 并自己保存。它首先只发送其哈希值，即 code challenge。它还会生成一个 state，用来识别对自己请求的响应。',
  'playground.person-pkce.outcome':
    '没有人能从 challenge 算出 verifier。即使有人偷走 code，也无法使用。',
  'playground.person-authorize.title': '将用户引导到服务器',
  'playground.person-authorize.intro':
    '浏览器会离开本页面，请求就在地址中。请以 {username} 的身份登录，密码为 {password}，并允许访问。之后您会回到这里。',
  'playground.person-authorize.outcome':
    '服务器让浏览器带着 code 返回。在使用 code 之前，应用检查两点：state 必须是它发送的那个，iss 必须是它所请求的服务器。',
  'playground.person-exchange.title': '用 code 换取 token',
  'playground.person-exchange.intro':
    'code 曾出现在地址栏中，别人可能已经看到。它必须与 verifier 一起使用，只能使用一次，而且很快过期。',
  'playground.person-exchange.outcome':
    'verifier 的哈希值与第一个请求中的 challenge 一致，因此服务器颁发了两个 token。access token 用于 API。refresh token 只会发送到这里。',
  'playground.person-use.title': '代表用户调用 API',
  'playground.person-use.intro': '与第一章相同的调用，只是换了 token。',
  'playground.person-use.outcome':
    '现在有了 sub，因此 API 知道应用在代表谁调用。scope 就是用户所允许的范围。',

  'playground.redirect.title': '使用未注册的 redirect URI',
  'playground.redirect.intro': '如果 code 可以发送到任意地址，窃贼就会使用自己的地址：{uri}。',
  'playground.redirect-authorize.outcome':
    '服务器向用户显示错误页面，不会重定向浏览器。该地址未为此客户端注册，因此连错误也不会发送到那里。',
  'playground.state.title': '带着另一个 state 返回',
  'playground.state.intro':
    '有人发给您一个链接。它看起来像服务器的响应，但其中的 code 属于对方的账号。如果应用接受了它，您就会登录到别人的账号。',
  'playground.state-forged.outcome':
    '应用从未发送过这个 state，所以这不是对它自己请求的响应。应用会忽略它，也不会将 code 发送到任何地方。',
  'playground.verifier.title': '使用另一个 verifier',
  'playground.verifier.intro':
    '窃贼在途中读到了 code。verifier 从未离开应用，因此窃贼只能编造一个。',
  'playground.signIn.title': '用户登录并允许访问',
  'playground.redeem.title': '应用用它的 code 换取 token',
  'playground.verifier-wrong.title': 'code 与编造的 verifier',
  'playground.verifier-wrong.outcome':
    '这个 verifier 的哈希值与 challenge 不一致，因此服务器不会颁发任何 token。这正是 PKCE 的用途。',
  'playground.verifier-right.title': 'code 与正确的 verifier',
  'playground.verifier-right.outcome':
    '刚才失败的尝试没有用掉 code。应用拥有 verifier，仍然能获得 token。',
  'playground.replay.title': '两次使用同一个 code',
  'playground.replay.intro':
    '应用用它的 code 换取了 token。随后同样的请求再次到来，发送者是截获它的人。',
  'playground.replay-again.title': '再次发送同样的请求',
  'playground.replay-again.outcome':
    'code 只能使用一次。15 秒之内，再次请求的可能是没有收到响应的应用自己，因此它只会得到一个错误。在那之后，code 已落入他人之手，服务器还会撤销为它颁发的一切。',

  'playground.refresh.title': '无需用户参与，获取新的 token',
  'playground.refresh.lede':
    'access token 的有效期很短，因此被盗的 token 很快就没有用了。应用用 refresh token 获取下一个，这样用户不必每小时登录一次。',
  'playground.person-refresh.title': '用 refresh token 换取新的 token',
  'playground.person-refresh.intro':
    '它只发送到 token endpoint，绝不发送到 API，并且只由获得它的客户端发送。',
  'playground.person-refresh.outcome':
    '应用获得了新的 access token 和新的 refresh token。旧的 refresh token 已被轮换：它已失效，如果以后再次出现，服务器会将其视为被盗。',
  'playground.reuse.title': '重复使用已轮换的 refresh token',
  'playground.reuse.intro':
    '应用刷新了两次。随后它的第一个 refresh token 再次出现，来自提前复制了它的窃贼。',
  'playground.reuse-first.title': '应用刷新',
  'playground.reuse-second.title': '应用再次刷新',
  'playground.reuse-again.title': '再次使用第一个 refresh token',
  'playground.reuse-again.outcome':
    '后续的 token 已被使用，说明有两方持有这次登录的 token，其中一方是窃贼。服务器无法知道是哪一方，因此撤销所有 token。',
  'playground.reuse-use.title': '用最新的 access token 调用',
  'playground.reuse-use.outcome':
    '这次登录的所有 token 均已撤销，对双方都是如此。用户可以重新登录，窃贼则不能。',

  'playground.introspection.title': '检查 token（内省）',
  'playground.introspection.lede':
    '收到 token 的 API 必须知道它是否有效、允许什么。API 可以询问颁发 token 的服务器。',
  'playground.person-introspect.title': '检查 access token',
  'playground.person-introspect.intro':
    'API 需要验证身份，因为不是谁都可以查看 token。在本演示中，它使用第一章的客户端。',
  'playground.person-introspect.outcome':
    '关键字段是 active。其余字段说明 token 代表谁、颁发给哪个客户端、用于什么，以及有效期到何时。',
  'playground.unknown.title': '检查从未颁发过的 token',
  'playground.unknown.intro': '有人向 API 发送了一个编造的 token。',
  'playground.unknown-introspect.outcome':
    '这不是错误：请求有效，只是答案为“否”。服务器不会说明 token 是编造的、已过期还是被撤销。',

  'playground.revocation.title': '撤销 token',
  'playground.revocation.lede': '用户退出应用，或删除应用。好的应用会撤销不再需要的 token。',
  'playground.person-revoke.title': '撤销 refresh token',
  'playground.person-revoke.intro':
    '这也会撤销来自同一次登录的其他一切。也可以只撤销 access token。',
  'playground.person-revoke.outcome':
    '这些 token 已被撤销。对于服务器不认识的 token，响应也是一样。',
  'playground.person-gone.title': '再次检查 access token',
  'playground.person-gone.intro': '它还没有过期。',
  'playground.person-gone.outcome': '它虽未过期，但已无效。对于无效的 token，服务器不会说明更多。',
  'playground.revoked.title': '使用已撤销的 token',
  'playground.revoked.intro': '应用撤销了它的 token，然后用它调用 API。',
  'playground.revoked-token.title': '应用为自己获取 token',
  'playground.revoked-revoke.title': '应用撤销它',
  'playground.revoked-use.title': '应用仍然用它调用 API',
  'playground.revoked-use.outcome':
    'API 拒绝了这次调用，并在 WWW-Authenticate 中说明原因。应用应当获取新的 token，再试一次，仅此一次。',

  'playground.device.title': '没有浏览器的设备登录',
  'playground.device.lede':
    '电视或命令行无法显示登录页面，因此改为显示一个简短的代码，由用户在另一台设备上登录。',
  'playground.device-ask.title': '请求两个代码',
  'playground.device-ask.intro':
    '设备为自己请求一个代码，再为用户请求一个代码。它不需要重定向 URI，因为没有人会返回到它那里。',
  'playground.device-ask.outcome':
    '设备显示 user_code 和 verification_uri，或者显示 verification_uri_complete 的二维码。device_code 则由设备自己保留。',
  'playground.device-wait.title': '在用户做出决定之前询问',
  'playground.device-wait.intro': '设备按照 interval 的要求，每隔几秒询问一次。',
  'playground.device-wait.outcome': '还没有人做出决定。这不是失败：设备会等待，然后再次询问。',
  'playground.device-collect.title': '允许访问，然后再次询问',
  'playground.device-collect.intro':
    '请在新标签页中打开 {page}，以 {username} 和密码 {password} 登录，输入第一个响应中的 user_code，然后允许访问。之后设备再询问一次。',
  'playground.device-collect.outcome':
    '用户已允许访问，因此服务器签发了令牌，而且只签发一次。没有人在设备上输入过密码。',
  'playground.hurry.title': '询问过于频繁',
  'playground.hurry.intro': '设备没有等待就连续询问了两次。',
  'playground.hurry-again.title': '立即再次发送同一请求',
  'playground.hurry-again.outcome': '服务器要求设备放慢速度。从现在起，设备每次都必须多等五秒。',

  'playground.openid-connect.title': '应用得知是谁登录了',
  'playground.openid-connect.lede':
    'access token 用于 API，不会告诉应用任何信息。使用 OpenID Connect 时，应用还会得到 ID token：一份经过签名的声明，说明谁在何时、在哪台服务器上登录。',
  'playground.openid-nonce.title': '再生成一个 nonce',
  'playground.openid-nonce.intro':
    '应用生成 verifier 和 state，与授权码流程相同。新增的是 nonce，它会在 ID token 中返回。',
  'playground.openid-nonce.outcome':
    'state 保护返回应用的过程。nonce 就在经过签名的 token 里，因此来自另一次登录的 ID token 在这里没有用。',
  'playground.openid-authorize.title': '询问用户是谁',
  'playground.openid-authorize.intro':
    '加上 scope openid，这就成了 OpenID Connect；profile 和 email 用于请求更多用户信息。如果服务器要求登录，请以 {username} 的身份登录，密码为 {password}，然后允许访问。',
  'playground.openid-authorize.outcome':
    '用户已经看到应用将得知什么。响应与授权码流程相同：一个 code，以及 state 和 iss，应用首先检查这两项。',
  'playground.openid-redeem.title': '用 code 换取 ID token',
  'playground.openid-redeem.intro': '与授权码流程相同的请求，由应用直接发送给服务器。',
  'playground.openid-redeem.outcome':
    '现在多了一个 token。ID token 总是 JWT，而且只供应用使用：绝不会发送到 API。',
  'playground.openid-keys.title': '获取服务器的密钥',
  'playground.openid-keys.intro':
    '应用需要服务器的公钥。它在发现文档 {discovery} 中找到公钥的地址，并可以将公钥保留一段时间。',
  'playground.openid-keys.outcome':
    'ID token 的 header 用 kid 指明密钥。如果应用遇到不认识的 kid，就重新获取密钥：服务器会不时更换密钥。',
  'playground.openid-verify.title': '逐项验证 ID token',
  'playground.openid-verify.intro':
    '只有全部检查都通过，应用才会接受 ID token。通常由库来完成，这里由您的浏览器完成。',
  'playground.openid-verify.outcome':
    '应用现在知道是谁登录了，并开始自己的会话。它通过 iss 和 sub 识别用户：姓名或电子邮件地址可能会变，或者有一天属于别人。',
  'playground.openid-userinfo.title': '获取用户的 claim（UserInfo）',
  'playground.openid-userinfo.intro':
    'ID token 只说明用户是谁。scope profile 和 email 所代表的内容，由应用用 access token 向服务器查询。',
  'playground.openid-userinfo.outcome':
    '应用使用这个响应，因为其中的 sub 与 ID token 中的相同。如果 sub 不同，它说的就是另一个人。',

  'playground.nonce.title': '带来另一次登录的 ID token',
  'playground.nonce.intro':
    '应用发起了新的登录，并生成了新的 nonce。随后，上面的 ID token 再次到来。',
  'playground.openid-nonce-flaw.outcome':
    '其他都正确，但 nonce 属于另一次登录。如果有人把盗来的 code 或 ID token 塞进您的登录过程，就会在这里被发现。',
  'playground.audience.title': '把 ID token 带到另一个应用',
  'playground.audience.intro':
    '上面的 ID token 是颁发给这个应用的。在这里，应用 {client} 收到它并进行验证。',
  'playground.openid-audience-flaw.outcome':
    '这个 token 确实由服务器颁发，但不是颁发给这个应用的。如果没有这项检查，任何应用都可以冒充自己的用户登录其他应用。',
  'playground.clock.title': '使用已过期的 ID token',
  'playground.clock.intro':
    '为了不必等待，仅在这次检查中，应用的时钟被调到 ID token 到期后一小时。',
  'playground.openid-clock-flaw.outcome':
    '按照这个时钟，ID token 已经太旧，不能用于登录。不准的只是时钟：token 就是上面的那个，没有改动。',
  'playground.signature.title': '修改一个 claim',
  'playground.signature.intro': '有人修改了 ID token 的 sub，但保留原来的签名。',
  'playground.openid-signature-flaw.outcome':
    '签名只与服务器所签署的内容匹配，因此任何改动都会被发现。只有服务器拥有密钥，能够重新签名。',
};
