// Everything that can go wrong, and the page that says so.

import type { ErrorRequestHandler } from 'express';
import { ClientError } from 'openid-client';

/** Nobody here waits for the answer that a browser brings. */
export class NoSuchSignIn extends Error {}

/** The tokens are worth nothing any more, and there is no way to new ones but signing in. */
export class SignInIsOver extends Error {}

/** One of the two servers that this app depends on does not answer. */
export class Unavailable extends Error {}

interface Page {
  readonly status: number;
  readonly heading: string;
  readonly text: string;
  readonly action: { readonly href: string; readonly label: string };
}

const SIGN_IN_AGAIN = { href: '/login', label: 'Sign in again' };

export const NOT_FOUND: Page = {
  status: 404,
  heading: 'There is no such page',
  text: 'The address may be mistyped.',
  action: { href: '/', label: 'Home' },
};

/** Express error handler: every error a page, none a stack trace. */
export const showProblem: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return next(error);
  const problem = error instanceof ClientError && error.cause ? error.cause : error;
  const page = pageFor(problem, req.method === 'GET' ? req.originalUrl : '/');
  if (page.status >= 500) process.stderr.write(`${describe(problem)}\n`);
  if (problem instanceof SignInIsOver) res.locals['person'] = undefined;
  res.status(page.status).render('message', { title: page.heading, ...page });
};

/** An error that the server has answered with (RFC 6749 sections 4.1.2.1 and 5.2). */
interface OAuthError extends Error {
  readonly error?: string;
  readonly error_description?: string;
}

function pageFor(error: unknown, here: string): Page {
  if ((error as OAuthError).error === 'access_denied') {
    return {
      status: 403,
      heading: 'You did not allow it',
      text: 'Agenda may not see your appointments, so it cannot show them. Nothing was shared.',
      action: { href: '/login', label: 'Try again' },
    };
  }
  if (error instanceof NoSuchSignIn) {
    return {
      status: 403,
      heading: 'This sign-in is over',
      text: 'It was finished before, or it was begun in another browser or at another address.',
      action: SIGN_IN_AGAIN,
    };
  }
  if (error instanceof SignInIsOver) {
    return {
      status: 401,
      heading: 'Please sign in again',
      text: 'Agenda may see your appointments for a limited time, and that time is over.',
      action: SIGN_IN_AGAIN,
    };
  }
  if (error instanceof Unavailable) {
    return {
      status: 503,
      heading: 'Not available just now',
      text: 'A server that Agenda needs does not answer. Your appointments are safe where they are.',
      action: { href: here.startsWith('/callback') ? '/login' : here, label: 'Try again' },
    };
  }
  const { status } = error as { status?: number };
  if (status !== undefined && status >= 400 && status < 500) {
    return {
      status,
      heading: 'Agenda does not understand this',
      text: 'What it was sent is too large, or has another form than it should.',
      action: { href: '/', label: 'Home' },
    };
  }
  return {
    status: 500,
    heading: 'Something went wrong',
    text: 'It is not your fault. Whoever runs Agenda finds the reason in its terminal.',
    action: { href: '/', label: 'Home' },
  };
}

/** For the terminal. */
function describe(problem: unknown): string {
  if (problem instanceof Unavailable) {
    const { message: why, cause: root } = problem.cause as Error & { cause?: { code?: string } };
    return `${problem.message} ${root?.code ?? why}`;
  }
  const { error, error_description, message, stack } = problem as OAuthError;
  // An OAuth error says in a sentence what to do; the stack would only hide it.
  return error === undefined ? (stack ?? message) : `${error}: ${error_description}`;
}
