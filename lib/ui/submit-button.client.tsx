"use client";

import type { ComponentProps } from "react";
import { useFormStatus } from "react-dom";
import { Button } from "./button";
import { classNames } from "./class-names";

interface SubmitButtonProps extends Omit<ComponentProps<typeof Button>, "type" | "onClick"> {
  /** "Un instant…", shown while this button's form is on its way. */
  pendingLabel: string;
}

/**
 * A button that sends its form once: what is pressed again meanwhile, or entered by keyboard, is ignored. It stays
 * enabled, so that it keeps the focus. Works as any button before there is JavaScript.
 */
export function SubmitButton({ pendingLabel, children, className, ...rest }: SubmitButtonProps) {
  const { pending, data } = useFormStatus();
  // In a form with several buttons only the pressed one says that it works.
  const isPressed = pending && (rest.name === undefined || data.get(rest.name) === rest.value);
  return (
    <Button
      {...rest}
      className={classNames(className, pending && "opacity-70")}
      {...(pending && { "aria-disabled": true })}
      onClick={(event) => {
        if (pending) event.preventDefault();
      }}
    >
      {isPressed ? pendingLabel : children}
    </Button>
  );
}
