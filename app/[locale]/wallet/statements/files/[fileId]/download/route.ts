import { defineDownload } from "@/lib/next/define-download";
import { downloadFile } from "@/lib/services/statements/files/download-file";

/** A file that the worker has made for the signed-in person; 404 for one that isn't ready, and for somebody else's. */
export const GET = defineDownload<{ fileId: string }>(
  { name: "statement-file", page: () => "/wallet/statements" },
  async ({ context, params: { fileId } }) => {
    const { body, contentType: type, fileName: name, byteCount } = await downloadFile(context, fileId);
    return { body, type, name, byteCount };
  },
);
