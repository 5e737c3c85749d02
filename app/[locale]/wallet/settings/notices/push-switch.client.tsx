"use client";

import { useRef, useState, useSyncExternalStore } from "react";
import { ActionForm } from "@/lib/ui/action-form.client";
import { Button } from "@/lib/ui/button";
import type { FormAction } from "@/lib/ui/form-state";
import { Notice } from "@/lib/ui/notice";
import { registerWorker } from "@/lib/ui/old-copies";

interface PushSwitchProps {
  action: FormAction;
  /** The deployment's VAPID key, in base64url. */
  publicKey: string;
  words: { on: string; denied: string; failed: string; pending: string };
}

const never = () => () => {};
const canPush = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** Subscribes this browser, with the person's permission, and sends the subscription as a form. */
export function PushSwitch({ action, publicKey, words }: PushSwitchProps) {
  const isOffered = useSyncExternalStore(never, canPush, () => false);
  const fields = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"ready" | "busy" | "denied" | "failed">("ready");
  if (!isOffered) return null;

  async function turnOn(form: HTMLFormElement | null) {
    setState("busy");
    try {
      if ((await Notification.requestPermission()) !== "granted") return setState("denied");
      const subscription = await subscribe(publicKey);
      for (const input of fields.current?.querySelectorAll("input") ?? [])
        input.value = subscription[input.name] ?? "";
      form?.requestSubmit();
      setState("ready");
    } catch {
      setState("failed");
    }
  }

  return (
    <ActionForm name="subscribe-push" action={action}>
      <div ref={fields}>
        {["endpoint", "p256dh", "auth"].map((name) => (
          <input key={name} type="hidden" name={name} defaultValue="" />
        ))}
      </div>
      {(state === "denied" || state === "failed") && (
        <Notice tone="bad" live>
          {words[state]}
        </Notice>
      )}
      <Button
        type="button"
        variant="secondary"
        wide
        onClick={(event) => turnOn(event.currentTarget.form)}
        {...(state === "busy" && { "aria-disabled": true })}
      >
        {state === "busy" ? words.pending : words.on}
      </Button>
    </ActionForm>
  );
}

async function subscribe(publicKey: string): Promise<Record<string, string>> {
  await registerWorker();
  const { pushManager } = await navigator.serviceWorker.ready;
  // One that another key made can't be used again.
  await (await pushManager.getSubscription())?.unsubscribe();
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  const { endpoint = "", keys = {} } = made.toJSON();
  return { endpoint, p256dh: keys.p256dh ?? "", auth: keys.auth ?? "" };
}
