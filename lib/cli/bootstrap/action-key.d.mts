/** The key of Next's server actions for this deployment, base64. Throws a sentence for a wrong variable. */
export function actionKey(env: Readonly<Record<string, string | undefined>>, dataDir: string): string;
