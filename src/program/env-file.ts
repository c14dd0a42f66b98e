// .env: settings in a file.

import { readText, UnreadableFile } from '../text-file.ts';
import { ConfigError } from './config.ts';

/**
 * Takes the settings of a file, if there is one. What the environment has already stays.
 *
 * @returns the names of those that it has brought
 * @throws ConfigError if the file is there and cannot be read as it was meant
 */
export async function loadEnvFile(path: string, env: NodeJS.ProcessEnv): Promise<Set<string>> {
  try {
    const content = readText(path);
    // Most servers in production have no such file.
    const { parse } = await import('dotenv');
    const settings = parse(content);
    const cut = Object.keys(settings).filter((name) => isCut(content, name));
    if (cut.length > 0) {
      throw new ConfigError(
        `${path} has a # in the value of ${cut.join(' and of ')}, and what comes after it would be lost: write the value in quotes.`,
      );
    }
    const brought = Object.entries(settings).filter(([name]) => env[name] === undefined);
    for (const [name, value] of brought) env[name] = value;
    return new Set(brought.map(([name]) => name));
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    // Nothing by that name, or a folder, is not a file of settings.
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return new Set();
    throw new ConfigError(`${path} ${error.message}`);
  }
}

/**
 * Whether a value without quotes has a # in it that begins no comment: dotenv would end it there. A
 * comment has a space before it.
 */
function isCut(content: string, name: string): boolean {
  const start = `^[ \\t]*(?:export[ \\t]+)?${name.replaceAll('.', '\\.')}(?:[ \\t]*=|:[ \\t])`;
  const values = content.matchAll(new RegExp(`${start}(.*)$`, 'gm'));
  return [...values].some(
    ([, value = '']) => !/^\s*['"`]/.test(value) && /\S#|^#/.test(value.replace(/\s#.*$/, '')),
  );
}
