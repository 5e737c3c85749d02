import type { ComponentProps } from "react";
import { classNames } from "./class-names";

/** `primary` is a page's main action; there is at most one. */
export type ButtonVariant = "primary" | "secondary" | "link";

const SHAPE =
  "inline-flex min-h-12 items-center justify-center gap-2 rounded-field px-5 py-2.5 text-center font-semibold cursor-pointer";

const LOOK: Record<ButtonVariant, string> = {
  primary: "bg-ochre text-ochre-ink hover:brightness-105 active:brightness-95",
  secondary: "border border-edge bg-card text-ink hover:bg-tint",
  link: "text-link underline underline-offset-4",
};

interface Look {
  variant?: ButtonVariant;
  /** As wide as its column: the usual shape at the end of a form. */
  wide?: boolean;
}

export function Button({
  variant = "primary",
  wide,
  className,
  type = "submit",
  ...rest
}: Look & ComponentProps<"button">) {
  return (
    <button {...rest} type={type} className={classNames(SHAPE, LOOK[variant], wide && "w-full", className)} />
  );
}

/** A link that looks like a button. */
export function ButtonLink({ variant = "primary", wide, className, ...rest }: Look & ComponentProps<"a">) {
  return <a {...rest} className={classNames(SHAPE, LOOK[variant], wide && "w-full", className)} />;
}
