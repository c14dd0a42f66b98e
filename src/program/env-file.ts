// .env: settings in a file.

import { readText, UnreadableFile } from '../text-file.ts';
import { ConfigError } from './config.ts';

/**
 * Takes the settings of a file, if there is one. What the environment has already stays.
 *
 * @throws ConfigError if the file is there and cannot be read as it was meant
 */
export async function loadEnvFile(path: string, env: NodeJS.ProcessEnv): Promise<void> {
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
    for (const [name, value] of Object.entries(settings)) env[name] ??= value;
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    // Nothing by that name, or a folder, is no file of settings.
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return;
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
