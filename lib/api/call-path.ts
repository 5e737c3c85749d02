import { DomainError } from "@/lib/errors";

// Paths as calls write them: without a slash at the end, `{name}` for one segment.

/** The path of a request's address as it was sent: URL would resolve dots, and could find another call than was requested. */
export function pathOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? "";
}

export function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Finds the paths that a template with `{name}` stands for. */
export function patternOf(template: string): RegExp {
  const segments = template.split("/").map((segment) => (segment.startsWith("{") ? "[^/]+" : segment));
  return new RegExp(`^${segments.join("/")}$`);
}

/** What `{name}` stands for in a path, decoded. Throws `not_found` for what can't be decoded: it names nothing. */
export function paramsOf(template: string, path: string): Record<string, string> {
  const given = path.split("/");
  const params = template.split("/").flatMap((segment, index) => {
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    return name === undefined ? [] : [[name, decoded(given[index] ?? "")]];
  });
  return Object.fromEntries(params);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DomainError("not_found");
  }
}
