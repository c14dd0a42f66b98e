// A browser and its system, in the words people know them by, from the header `User-Agent`. Browsers
// name those they resemble as well, so the first that is found here counts.

const BROWSERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['WeChat', /MicroMessenger\//],
  ['QQ Browser', /QQBrowser\//],
  ['UC Browser', /UC?Browser\//],
  ['Huawei Browser', /HuaweiBrowser\//],
  ['Mi Browser', /MiuiBrowser\//],
  ['Samsung Internet', /SamsungBrowser\//],
  ['Yandex Browser', /YaBrowser\//],
  ['DuckDuckGo', /DuckDuckGo\/|Ddg\//],
  ['Vivaldi', /Vivaldi\//],
  ['Opera', /OPR\/|OPX\/|OPiOS\/|Opera\b/],
  ['Edge', /Edge?\/|EdgA\/|EdgiOS\//],
  ['Firefox', /Firefox\/|FxiOS\/|Focus\//],
  ['Chrome', /Chrome\/|CriOS\/|Chromium\//],
  ['Safari', /Safari\//],
];

const SYSTEMS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['HarmonyOS', /HarmonyOS|OpenHarmony/],
  ['Windows', /Windows/],
  ['ChromeOS', /CrOS/],
  ['macOS', /Mac OS X|Macintosh/],
  ['Linux', /Linux|X11/],
];

interface UserAgent {
  readonly browser?: string | undefined;
  readonly system?: string | undefined;
}

export function readUserAgent(header: string): UserAgent {
  const find = (names: typeof BROWSERS) => names.find(([, pattern]) => pattern.test(header))?.[0];
  // A header that does not start like a browser's only mentions one.
  if (!/^(Mozilla|Opera)\//.test(header)) return {};
  return { browser: find(BROWSERS), system: find(SYSTEMS) };
}
