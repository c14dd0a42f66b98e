// npm test: brings what the tests need, then runs them all.

import { spawn } from 'node:child_process';
import { provideBrowser } from './browser.ts';

provideBrowser();
spawn(process.execPath, ['--test', ...process.argv.slice(2), 'test/**/*.test.ts'], {
  stdio: 'inherit',
}).on('exit', (code) => process.exit(code ?? 1));
