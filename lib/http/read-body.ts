import { DomainError } from "@/lib/errors";

/** A request that can read its body without a stream, as our own server makes them: null once it is too long. */
interface BoundedBody {
  readBytes(bytesMax: number): Promise<Uint8Array<ArrayBuffer> | null>;
}

function isBounded(request: object): request is BoundedBody {
  return "readBytes" in request;
}

/** The exact bytes of a body. Throws `payload_too_large` once there are more than `bytesMax`, and reads no further. */
export async function readBody(request: Request, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > bytesMax) throw new DomainError("payload_too_large");
  if (isBounded(request)) {
    const bytes = await request.readBytes(bytesMax);
    if (bytes === null) throw new DomainError("payload_too_large");
    return bytes;
  }
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > bytesMax) {
      await reader.cancel();
      throw new DomainError("payload_too_large");
    }
    chunks.push(value);
  }
  return joined(chunks, length);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
