// What ids and names look like, whoever gives them: a seed, a program, or the app around the server.

/** Longest id, in characters (OpenID Connect Core section 2 says it of `sub`). */
const MAX_ID = 255;

/** Longest name, in characters. */
const MAX_TEXT = 256;

/** What keeps a value from being an id, as the end of the sentence "it ...", or `undefined`. */
export function idProblem(value: unknown): string | undefined {
  return stringProblem(value, MAX_ID);
}

/**
 * The same for the id of a user, which becomes the `sub` of tokens: OpenID Connect Core section 2 has it in
 * ASCII. A space at one end is lost in a header.
 */
export function userIdProblem(value: unknown): string | undefined {
  const problem = idProblem(value);
  if (problem !== undefined) return problem;
  const id = value as string;
  const advice = 'the person needs another id';
  if (!/^[\x20-\x7e]*$/.test(id)) return `has a character that is not ASCII: ${advice}`;
  return id.trim() === id ? undefined : `has a space at one end: ${advice}`;
}

/** An id as an app gives it: a whole number stands for the string that it becomes. */
export type AppId = string | number | bigint;

/** An id of an app as the server knows it; what is not an id stays what it is. */
export function idOf(given: unknown): unknown {
  return Number.isSafeInteger(given) || typeof given === 'bigint' ? String(given) : given;
}

/** What keeps a value from being a short text, as the end of the sentence "it ...", or `undefined`. */
export function textProblem(value: unknown): string | undefined {
  return stringProblem(value, MAX_TEXT);
}

/**
 * Characters that nobody sees and that change what stands around them: those that set the direction of
 * text (UAX 9 section 2, UTR 36 section 2.5), and further control characters. The title of a window has no
 * element that could hold them in. The marks U+200E and U+200F end by themselves, and names have them.
 */
const DISRUPTIVE = /[\u0080-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * What keeps a value from being a name that people read, as the end of the sentence "it ...", or `undefined`.
 */
export function nameProblem(value: unknown): string | undefined {
  const problem = textProblem(value);
  if (problem !== undefined || withoutDisruptive(value as string) === value) return problem;
  return 'has a character in it that changes the direction of text, or a control character';
}

/** The text without such characters, for names that nobody can correct. */
export function withoutDisruptive(text: string): string {
  return text.replaceAll(DISRUPTIVE, '');
}

/** Whether there is anything in a text that people see: U+2800 is the pattern of Braille without a dot. */
export function isVisible(text: string): boolean {
  return /[^\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);
}

function stringProblem(value: unknown, longest: number): string | undefined {
  if (value === undefined) return 'is missing';
  if (typeof value !== 'string') return 'is not a string';
  if (value === '') return 'is empty';
  if (value.length > longest) return `has more than ${longest} characters`;
  // A database may have no place for them, and a header has none.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f]/.test(value)) return 'has a control character in it';
  return value.isWellFormed() ? undefined : 'has half of a character in it';
}
