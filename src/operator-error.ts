/** An error that whoever runs the server can do something about: the message says what is wrong. */
export class OperatorError extends Error {}
