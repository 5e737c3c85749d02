"use client";

import type { ComponentProps } from "react";
import { useFormStatus } from "react-dom";
import { Button } from "./button";
import { classNames } from "./class-names";

interface SubmitButtonProps extends Omit<ComponentProps<typeof Button>, "type" | "onClick"> {
  /** "Un instant…", shown while the form is being sent. */
  pendingLabel: string;
}

/**
 * A button that submits its form once: further presses are ignored while the form is being sent. It isn't disabled, so
 * that it keeps the focus. Before JavaScript is loaded it is an ordinary button.
 */
export function SubmitButton({ pendingLabel, children, className, ...rest }: SubmitButtonProps) {
  const { pending, data } = useFormStatus();
  // In a form with several buttons only the pressed one shows the pending label.
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
