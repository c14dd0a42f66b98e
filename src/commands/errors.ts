// Why a command does nothing.

import { OperatorError } from '../operator-error.ts';

/** A command cannot do what it was asked for; the message says why, and nothing was done. */
export class CommandError extends OperatorError {}

/** What a command has to say cannot be written; what it changes is changed all the same. */
export class UnwritableOutput extends OperatorError {}

/** A command has done what can be done, and that was not all. */
export class NotAllTaken extends OperatorError {}

/** It was not asked for as it has to be. */
export class UsageError extends CommandError {}
