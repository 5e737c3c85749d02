import { Client } from "../crashes/client";
import { payCollection } from "../crashes/pay-collection";
import { type Person, Requests } from "../crashes/requests";
import type { Deployment } from "../deployment";
import type { Random } from "../random";

/** An operation that a client got an acknowledgement of. */
export interface Acknowledged {
  reference: string;
  sentAt: number;
  acknowledgedAt: number;
}

const WRITERS = 6;
const WEIGHTS = { transfer: 6, deposit: 2, withdrawal: 2 } as const;

/** Concurrent writers of transfers in francs, of paid deposits in naira by card and of withdrawals in naira to a bank account. */
export class Traffic {
  readonly acknowledged: Acknowledged[] = [];
  readonly #client: Client;
  readonly #writing: Promise<unknown>;
  #isStopping = false;

  constructor({ url, sandbox }: Deployment, people: readonly Person[], random: Random) {
    this.#client = new Client(url);
    const requests = new Requests(this.#client, random);
    const write = async (): Promise<void> => {
      while (!this.#isStopping) {
        const sentAt = Date.now();
        const reference = await sendOne(requests, people);
        if (reference === null) continue;
        this.acknowledged.push({ reference, sentAt, acknowledgedAt: Date.now() });
        const collection = sandbox.book.find("collection", reference);
        if (collection) await payCollection(sandbox, collection);
      }
    };
    this.#writing = Promise.all(Array.from({ length: WRITERS }, write));
  }

  /** Resolves when every request has its response, with violations of the API's contract. */
  async stop(): Promise<string[]> {
    this.#isStopping = true;
    await this.#writing;
    this.#client.close();
    return this.#client.violations;
  }
}

async function sendOne(requests: Requests, people: readonly Person[]): Promise<string | null> {
  const { random } = requests;
  const [from, to] = random.shuffle(people);
  if (!from || !to) return null;
  const accepted = [200, "insufficient_funds"];
  const kind = random.weighted(WEIGHTS);
  if (kind !== "transfer") return await requests.order(kind, from, "NGN", { accepted });
  return await requests.transfer(from, [{ to, amount: random.int(1, 900) }], { accepted });
}
