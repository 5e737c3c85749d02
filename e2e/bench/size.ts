// `npm run size`: bytes of each page's first view, as sent. Exits 1 over the limit or without a page, 2 when it couldn't run.
// BASE_URL or `-- --url http://…` measures an app that runs already (`--email` and `--password` for another user than the demo's); else a demo is started.
import { defineCommand, optional, toText } from "@/lib/cli/command";
import { runProgram } from "@/lib/cli/run-program";
import { environment } from "@/lib/config";
import { DEMO_ACCOUNT } from "@/lib/services/identity/users/demo-account";
import { StartError } from "@/lib/start-error";
import { type DemoDeployment, startDemoDeployment } from "./demo-deployment";
import { Visitor } from "./http-visit";
import {
  FIRST_VIEW_BYTES_MAX,
  findExcess,
  measurePage,
  type PageSize,
  signIn,
  TEXT_BYTES_MAX,
  totalOf,
} from "./page-size";

const PUBLIC_PAGES = [
  "/",
  "/sign-in",
  "/sign-up",
  "/help",
  "/fees",
  "/terms",
  "/privacy",
  "/p/1234567890128",
];
const PERSONAL_PAGES = [
  "/wallet",
  "/wallet/money",
  "/wallet/topup",
  "/wallet/topup?currency=NGN",
  "/wallet/transfer",
  "/wallet/receive?amount=5000&note=Riz",
  "/wallet/requests",
  "/wallet/requests/new",
  "/wallet/withdraw",
  "/wallet/withdraw?currency=NGN",
  "/wallet/transactions",
  "/wallet/transactions?type=deposit",
  "/wallet/balance?period=3m",
  "/wallet/settings",
  "/wallet/settings/pin",
  "/tontines",
  "/tontines/new",
  "/join",
  "/wallet/vaults",
  "/wallet/vaults/new",
  "/wallet/vaults/1",
  "/wallet/keys",
  "/wallet/keys/new",
];

interface MeasuredApp extends DemoDeployment {
  account: { email: string; password: string };
}

interface SizeOptions {
  url: string | null;
  email: string | null;
  password: string | null;
}

async function openMeasuredApp(options: SizeOptions, signal: AbortSignal): Promise<MeasuredApp> {
  const account = {
    email: options.email ?? DEMO_ACCOUNT.email,
    password: options.password ?? DEMO_ACCOUNT.password,
  };
  const url = options.url ?? environment().BASE_URL;
  if (url === undefined || url === "") {
    console.log("Starting a demo of its own…");
    return { ...(await startDemoDeployment(signal)), account };
  }
  if (!URL.canParse(url)) throw new StartError(`${url} isn't an address: say http://localhost:3000.`);
  return { url, account, stop: async () => {} };
}

const row = (cells: readonly string[], last = "") =>
  `${cells.map((cell, index) => (index === 0 ? cell.padEnd(24) : cell.padStart(10))).join("")}  ${last}`.trimEnd();

const bytes = (value: number) => value.toLocaleString("en").replaceAll(",", " ");

function formatSize(size: PageSize): string {
  const { path, html, css, js, other } = size;
  const cells = [html, css, html + css, js, other, totalOf(size)].map((value) =>
    size.problem === null ? bytes(value) : "–",
  );
  return row([path, ...cells], findExcess(size));
}

async function measureAll({ url, account }: MeasuredApp): Promise<PageSize[]> {
  console.log(`Bytes as sent by ${new URL(url).origin} to a first visit (gzip or br)\n`);
  console.log(row(["page", "HTML", "CSS", "HTML+CSS", "JS", "other", "total"]));
  const sizes: PageSize[] = [];
  const visitor = new Visitor(new URL(url));
  const measure = async (path: string): Promise<void> => {
    const size = await measurePage(visitor, path);
    sizes.push(size);
    console.log(formatSize(size));
  };
  for (const path of PUBLIC_PAGES) await measure(path);
  await signIn(visitor, account);
  for (const path of PERSONAL_PAGES) await measure(path);
  return sizes;
}

async function main(options: SizeOptions): Promise<number> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stop.abort(new StartError("Stopped.")));
  }
  const app = await openMeasuredApp(options, stop.signal);
  try {
    const interrupted = new Promise<never>((_, reject) => {
      stop.signal.addEventListener("abort", () => reject(stop.signal.reason));
    });
    const sizes = await Promise.race([measureAll(app), interrupted]);
    const over = sizes.filter((size) => findExcess(size) !== "").length;
    const limits = `HTML and CSS at most ${bytes(TEXT_BYTES_MAX)} bytes, first view at most ${bytes(FIRST_VIEW_BYTES_MAX)}`;
    console.log(
      `\n${over === 0 ? "Every page is within its limits" : `${over} of ${sizes.length} pages fail`}: ${limits}.`,
    );
    return over === 0 ? 0 : 1;
  } finally {
    await app.stop();
  }
}

const size = defineCommand({
  name: "size",
  help: "Bytes of each page's first view, of the app at --url or BASE_URL, else of a demo started for it.",
  options: {
    url: optional("url", toText),
    email: optional("email", toText),
    password: optional("password", toText),
  },
  run: (_target: null, options) => main(options),
});

await runProgram(size, { failureCode: 2 });
