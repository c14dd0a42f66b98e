// Ids in what a store answers. Tables of somebody's own often count, and give out whole numbers; here an
// id is a string, as the `sub` and `client_id` of tokens are, and 7 is not '7'.

const IDS = ['id', 'userId', 'clientId'] as const;

/** What an answer of the store may have in it that has ids as well. */
const PARTS = ['grant', 'code', 'token'] as const;

/** An answer of a store with strings for its ids; the same object if they are strings already. */
export function withStringIds<Answer>(answer: Answer): Answer {
  if (typeof answer !== 'object' || answer === null) return answer;
  if (Array.isArray(answer)) return answer.map(withStringIds) as Answer;
  const record = answer as Record<string, unknown>;
  const changes: Record<string, unknown> = {};
  for (const name of IDS) {
    const id = record[name];
    if (Number.isSafeInteger(id) || typeof id === 'bigint') changes[name] = String(id);
  }
  for (const name of PARTS) {
    const part = withStringIds(record[name]);
    if (part !== record[name]) changes[name] = part;
  }
  for (const _changed in changes) return { ...answer, ...changes };
  return answer;
}
