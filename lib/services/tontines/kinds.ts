/** The offices of a tontine. The auditor holds no other one. */
export const TONTINE_ROLES = ["chair", "treasurer", "secretary", "auditor"] as const;

/** Every object of a tontine with its states and the edges between them. The database has the same rows (tontine_states, tontine_edges), and refuses every other edge; a test compares. */
export const TONTINE_STATES = {
  group: {
    initial: "draft",
    next: {
      draft: ["inviting", "cancelled"],
      inviting: ["agreed", "cancelled"],
      agreed: ["running", "inviting", "cancelled"],
      running: ["paused", "closing", "cancelled"],
      paused: ["running", "cancelled"],
      closing: ["closed"],
      closed: [],
      cancelled: [],
    },
  },
  member: {
    initial: "invited",
    next: {
      invited: ["signed", "left"],
      signed: ["active", "invited", "left"],
      active: ["late", "settled", "left", "replaced", "excluded", "deceased"],
      late: ["active", "defaulted", "replaced", "excluded", "deceased"],
      defaulted: ["settled", "active", "replaced", "deceased"],
      settled: [],
      // Again only for somebody who never held a share: the offer of a place lapsed, and another one comes.
      left: ["settled", "invited"],
      replaced: ["settled"],
      excluded: ["settled"],
      deceased: ["settled"],
    },
  },
  turn: {
    initial: "planned",
    next: {
      planned: ["called", "cancelled", "deferred"],
      called: ["complete", "short", "cancelled", "deferred"],
      complete: ["approved", "cancelled", "deferred"],
      short: ["approved", "complete", "cancelled"],
      approved: ["part_paid", "paid"],
      part_paid: ["paid"],
      paid: ["confirmed"],
      confirmed: ["closed"],
      closed: [],
      cancelled: [],
      deferred: [],
    },
  },
  due: {
    initial: "open",
    next: {
      open: ["part", "paid", "late", "covered", "waived"],
      part: ["paid", "late", "covered", "waived", "returned"],
      late: ["paid", "covered", "waived", "open", "returned"],
      paid: ["returned"],
      covered: ["repaid", "returned"],
      repaid: ["returned"],
      waived: [],
      returned: [],
    },
  },
  payout: {
    initial: "proposed",
    next: {
      proposed: ["posted", "refused", "stale"],
      posted: [],
      refused: [],
      stale: [],
    },
  },
  mandate: {
    initial: "active",
    next: {
      active: ["suspended", "ended"],
      suspended: ["active", "ended"],
      ended: [],
    },
  },
  guarantee: {
    initial: "offered",
    next: {
      offered: ["signed", "released"],
      signed: ["called", "released"],
      called: ["repaid"],
      repaid: ["called", "released"],
      released: [],
    },
  },
  swap: {
    initial: "offered",
    next: {
      offered: ["accepted", "declined", "lapsed"],
      accepted: ["applied", "declined", "lapsed"],
      applied: [],
      declined: [],
      lapsed: [],
    },
  },
  handover: {
    initial: "offered",
    next: {
      offered: ["accepted", "declined", "lapsed"],
      accepted: ["applied", "declined", "lapsed"],
      applied: [],
      declined: [],
      lapsed: [],
    },
  },
  dispute: {
    initial: "opened",
    next: {
      opened: ["answered", "settled", "withdrawn"],
      answered: ["settled", "withdrawn"],
      settled: [],
      withdrawn: [],
    },
  },
  decision: {
    initial: "open",
    next: {
      open: ["adopted", "rejected", "lapsed", "stale", "withdrawn"],
      adopted: ["applied", "stale"],
      applied: [],
      rejected: [],
      lapsed: [],
      stale: [],
      withdrawn: [],
    },
  },
  draw: {
    initial: "frozen",
    next: {
      frozen: ["typed", "drawn"],
      typed: ["frozen", "drawn"],
      drawn: [],
    },
  },
} as const;

export type TontineObject = keyof typeof TONTINE_STATES;
export type TontineState<O extends TontineObject> = Extract<keyof (typeof TONTINE_STATES)[O]["next"], string>;

/** States in which a member has left the group's affairs: they see it no more, and take no part in what is shared out. */
export const GONE_STATES: readonly string[] = [
  "left",
  "replaced",
  "excluded",
] satisfies TontineState<"member">[];
