// How many questions an authorization server has to answer at once. One that hangs holds up no more
// requests of an API than that, and once it has failed hardly any.

import { IssuerUnavailable } from './fetch-json.ts';

/** The most questions that are open at once. */
const MAX_OPEN = 100;

export class Places {
  #open = 0;
  /** Why the last question was not answered. Until one is, they are asked one at a time. */
  #failure: unknown;

  /**
   * Asks a question, if there is a place for it.
   *
   * @param url for the message
   * @param ask rejects if there is no answer at all
   * @throws IssuerUnavailable at once if there is no place, or whatever `ask` rejects with
   */
  async take<T>(url: string, ask: () => Promise<T>): Promise<T> {
    if (this.#failure !== undefined && this.#open > 0) throw this.#failure;
    if (this.#open >= MAX_OPEN) {
      throw new IssuerUnavailable(`${url} has ${MAX_OPEN} requests to answer, and gets no more.`);
    }
    this.#open += 1;
    try {
      const answer = await ask();
      this.#failure = undefined;
      return answer;
    } catch (error) {
      this.#failure = error;
      throw error;
    } finally {
      this.#open -= 1;
    }
  }
}
