"use client";

import { createContext, type ReactNode, useContext } from "react";

export interface KeptForm {
  /** The name of the form's action. */
  form: string;
  /** What is said above it: why it was not run, and that nothing was done. */
  message: string;
  values: Record<string, string>;
}

interface FormMemory {
  /** Stands for the person whose page this is; empty for nobody. */
  owner: string;
  /** What was typed into a form of this page before it could be run. */
  kept: KeptForm | null;
}

const Memory = createContext<FormMemory>({ owner: "", kept: null });

/** Around every page: whose forms these are, and which of them is filled in again. */
export function FormMemoryProvider({ owner, kept, children }: FormMemory & { children: ReactNode }) {
  return <Memory value={{ owner, kept }}>{children}</Memory>;
}

export function useFormMemory(): FormMemory {
  return useContext(Memory);
}
