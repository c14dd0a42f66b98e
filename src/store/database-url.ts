// What a URL of a database may look like. Whatever the drivers would read in another way than it is
// meant, or would ignore, is refused here.

/** What of a URL's query the driver for PostgreSQL heeds, with the values it knows if they are words. */
const PARAMETERS: Readonly<Record<string, readonly string[] | undefined>> = {
  host: undefined,
  port: undefined,
  user: undefined,
  password: undefined,
  application_name: undefined,
  fallback_application_name: undefined,
  options: undefined,
  sslmode: ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'],
  ssl: ['true', '1', '0', 'no-verify'],
  sslcert: undefined,
  sslkey: undefined,
  sslrootcert: undefined,
  sslnegotiation: ['postgres', 'direct'],
  uselibpqcompat: ['true'],
  statement_timeout: undefined,
  lock_timeout: undefined,
  idle_in_transaction_session_timeout: undefined,
  query_timeout: undefined,
};

/** Every parameter that a URL of PostgreSQL can have. */
export const urlParameters: readonly string[] = Object.keys(PARAMETERS);

/** The longest that a timer of Node's can run. */
const MAX_MILLISECONDS = 2 ** 31 - 1;

/** Parameters of libpq for several hosts. */
const SEVERAL_HOSTS = ['target_session_attrs', 'load_balance_hosts', 'hostaddr'];

const ONE_HOST = 'give it one host, and a proxy that follows the primary';

const UNKNOWN = 'is neither sqlite: with the path of a file nor postgres:// with host and database';

const UNESCAPED =
  'has a character in its user name or password that stands for something else there: write # as %23, % as %25, / as %2F, ? as %3F and @ as %40';

/**
 * What is wrong with a URL of a database, to follow its name; `undefined` if nothing is. It quotes
 * nothing that may be a part of the password.
 */
export function databaseUrlProblem(url: string): string | undefined {
  if (/^sqlite:(\/\/)?[^/?#:]|^sqlite:(\/\/)?\/[^/]/.test(url) && !/[?#]|:memory:/.test(url)) {
    return undefined;
  }
  const [, authority, rest] = /^postgres(?:ql)?:\/\/([^/?#]*)(.*)$/s.exec(url) ?? [];
  if (authority === undefined || rest === undefined) return UNKNOWN;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f]/.test(url)) return 'has a tab or a line end in it';
  // A password with / ? or # in it ends the part of the URL that it belongs to.
  if (rest.includes('@') || !isDecodable(url)) return UNESCAPED;
  if (authority.slice(authority.lastIndexOf('@') + 1).includes(',')) {
    return `names several hosts: ${ONE_HOST}`;
  }
  if (url.includes('#') || !URL.canParse(url)) return UNKNOWN;
  const { pathname, searchParams } = new URL(url);
  // The driver would take the name of the user.
  if (pathname.length < 2) return UNKNOWN;
  return parameterProblem(searchParams);
}

/** Whether every % begins an encoded byte, and the bytes are UTF-8: the driver throws if not. */
function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

function isNumber(value: string, least: number, most: number): boolean {
  return /^\d{1,10}$/.test(value) && Number(value) >= least && Number(value) <= most;
}

function parameterProblem(parameters: URLSearchParams): string | undefined {
  for (const [name, value] of parameters) {
    if (SEVERAL_HOSTS.includes(name)) return `has ${name}, which is for several hosts: ${ONE_HOST}`;
    if (!Object.hasOwn(PARAMETERS, name)) {
      const shown = /^\w{1,40}$/.test(name) ? `the parameter ${name}` : 'a parameter';
      return `has ${shown}, which the driver does not know and would ignore: it knows ${urlParameters.join(', ')}`;
    }
    const words = PARAMETERS[name];
    if (words !== undefined && !words.includes(value)) {
      return `has a value of ${name} that the driver does not know: it knows ${words.join(', ')}`;
    }
    if (name === 'host' && value.includes(',')) return `names several hosts: ${ONE_HOST}`;
    if (name === 'port' && !isNumber(value, 1, 65_535)) {
      return 'has a port that is not a number from 1 to 65535';
    }
    if (name.endsWith('_timeout') && !isNumber(value, 0, MAX_MILLISECONDS)) {
      return `has a value of ${name} that is not a whole number of milliseconds up to ${MAX_MILLISECONDS}`;
    }
    if (parameters.getAll(name).length > 1) return `has ${name} twice`;
  }
  return undefined;
}
