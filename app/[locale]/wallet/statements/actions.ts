"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { requestDataFile, requestStatementFile } from "@/lib/services/statements/files/request-file";
import { requestDataFileSchema, requestStatementFileSchema } from "@/lib/services/statements/schema";

const filePath = async (id: string) => localizedPath(await getLocale(), `/wallet/statements/files/${id}`);

/** Fields: format, currency, vault, from, to. Redirects to the file's page. */
export const requestStatement = defineAction(
  { name: "request-statement", auth: "user", schema: requestStatementFileSchema },
  async (context, { format, ...input }) => {
    const style = { format, locale: await getLocale(), zone: await viewerTimeZone() };
    const { id } = await requestStatementFile(context, input, style);
    redirect(await filePath(id));
  },
);

/** Fields: secret, the password or the PIN. Redirects to the file's page. */
export const requestData = defineAction(
  { name: "request-data", auth: "user", schema: requestDataFileSchema },
  async (context, input) => {
    const style = { locale: await getLocale(), zone: await viewerTimeZone() };
    const { id } = await requestDataFile(context, input, style);
    redirect(await filePath(id));
  },
);
