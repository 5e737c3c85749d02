"use client";

import { OrderForm, type OrderFormProps } from "@/lib/ui/order-form.client";
import { startTopup } from "./actions";

export function TopupForm(props: Omit<OrderFormProps, "action">) {
  return <OrderForm {...props} action={startTopup} />;
}
