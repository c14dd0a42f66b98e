// Which Node is needed. index.ts imports this before anything else, so a program that embeds the server
// hears of it in a sentence. src/start.js says the same to who starts the server.

const NEEDED = 24;
const { node } = process.versions;

if (Number.parseInt(node, 10) < NEEDED) {
  throw new Error(
    `express-authorization-server needs Node ${NEEDED} or newer, and this is Node ${node}: ${process.execPath}`,
  );
}
