// Starts the client application.

import { createApp } from './app.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
const { host, port, appUrl } = settings;

createApp(settings).listen(port, host, (error) => {
  if (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    process.stderr.write(
      isTaken
        ? `Port ${port} on ${host} is in use. Stop what runs there, or set PORT.\n`
        : `The client application cannot listen: ${error.message}\n`,
    );
    process.exit(1);
  }
  process.stdout.write(`The client application is running at ${appUrl}\n`);
});
