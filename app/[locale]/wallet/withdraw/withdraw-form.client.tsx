"use client";

import { OrderForm, type OrderFormProps } from "@/lib/ui/order-form.client";
import { reviewWithdrawal } from "./actions";

export function WithdrawForm(props: Omit<OrderFormProps, "action">) {
  return <OrderForm {...props} action={reviewWithdrawal} />;
}
