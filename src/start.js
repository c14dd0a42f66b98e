#!/usr/bin/env node
// What npm start and the package's command run. It is JavaScript, and has no import of its own: an old
// Node can read it, and says which Node is needed before it fails at something else.

const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `This server needs Node ${NEEDED} or newer, and this is Node ${process.versions.node}: ${process.execPath}\n`,
  );
  process.exitCode = 1;
} else {
  // What Node compiles, it keeps there for the next start, if the folder can be written. Node's own
  // choice is a folder that all users of the machine share, and what lies there is run.
  const { enableCompileCache } = await import('node:module');
  const { fileURLToPath } = await import('node:url');
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));
  await import('./main.ts');
}
