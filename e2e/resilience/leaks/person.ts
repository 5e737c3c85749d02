import type { Deployment } from "../deployment";
import type { Random } from "../random";
import type { CanarySet, ResponseLog } from "./canaries";
import { Client } from "./client";

/** A person whose secrets are all canaries. */
export interface Person {
  name: string;
  browser: Client;
  email: string;
  password: string;
  pin: string;
  phone: string;
  account: string;
  note: string;
}

/** What every flow needs. */
export interface FlowContext {
  deployment: Deployment;
  canaries: CanarySet;
  responses: ResponseLog;
  random: Random;
  isShort: boolean;
}

export const SESSION = "cauris.session";
/** A PIN that is neither too easy nor one that the sandbox treats specially: its fifth digit isn't its second one. */
export const pinOf = (random: Random) =>
  `${random.int(2, 5)}0${random.int(10, 99)}${random.int(1, 9)}${random.int(6, 9)}`;
const digits = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.int(0, 9)).join("");
export const clientOf = ({ deployment, responses }: FlowContext, name: string) =>
  new Client(deployment.url, name, responses);

/** A new person with secrets, who hasn't signed up yet. */
export function newPerson(context: FlowContext, role: string): Person {
  const { canaries, random } = context;
  const name = `${role} ${random.hex(3)}`;
  return {
    name,
    browser: clientOf(context, name),
    email: canaries.add("e-mail", `canary-${random.hex(6)}@example.test`, name),
    password: canaries.add("password", `Pa$$ ${random.hex(8)} é&<"`, name),
    pin: canaries.add("PIN", pinOf(random), name),
    phone: canaries.add("phone", `+22671${digits(random, 6)}`, name),
    account: canaries.add("bank account", `01${digits(random, 8)}`, name),
    note: canaries.add("note", `note ${random.hex(6)}`, name),
  };
}
