import type { ReactNode } from "react";

interface Mark {
  /** The operator's own colour. */
  background: string;
  /** On a 24 × 24 grid, in colours with at least 3:1 against the background. */
  drawing: ReactNode;
}

/** Drawn by us in the operators' colours: their logos aren't ours to use. The name always stands beside them. */
const MARKS: Readonly<Record<string, Mark>> = {
  wave: {
    background: "#1dc8ff",
    drawing: (
      <g stroke="#06283d" strokeWidth="2.4">
        <path d="M4.5 10.500c2.5-3.6 5-3.6 7.5 0s5 3.6 7.5 0" />
        <path d="M4.5 16c2.5-3.6 5-3.6 7.5 0s5 3.6 7.5 0" />
      </g>
    ),
  },
  orange_money: {
    background: "#000",
    drawing: (
      <g strokeWidth="2.6">
        <path d="m13 11 5.5-5.500m-5 0h5v5" stroke="#ff7900" />
        <path d="m11 13-5.5 5.500m0-5v5h5" stroke="#fff" />
      </g>
    ),
  },
  moov_money: {
    background: "#0057b8",
    drawing: (
      <>
        <path d="M5.5 18.500v-8l6.5 5 6.5-5v8" stroke="#fff" strokeWidth="2.6" />
        <circle cx="12" cy="6.5" r="2.4" fill="#ff8a1f" />
      </>
    ),
  },
  mtn_money: {
    background: "#ffcb05",
    drawing: (
      <>
        <ellipse cx="12" cy="12" rx="9.6" ry="6.4" stroke="#0b2742" strokeWidth="1.6" />
        <Letters color="#0b2742">MTN</Letters>
      </>
    ),
  },
  visa: {
    background: "#1a1f71",
    drawing: (
      <>
        <Letters color="#fff">VISA</Letters>
        <path d="M5 18h14" stroke="#f7b600" strokeWidth="2" />
      </>
    ),
  },
  card: {
    background: "#3a378a",
    drawing: (
      <g stroke="#fff" strokeWidth="2">
        <rect x="4" y="6.5" width="16" height="11" rx="2" />
        <path d="M4 10.500h16M7.5 14.500h3" />
      </g>
    ),
  },
  bank: {
    background: "#1d6b45",
    drawing: (
      <path
        d="M4.5 10 12 5l7.5 5zm2 1v6m3.7-6v6m3.6-6v6m3.7-6v6M4.5 18.500h15"
        stroke="#fff"
        strokeWidth="1.8"
      />
    ),
  },
};

/** The mark of a payment method, by its code. Hidden from screen readers. */
export function MethodMark({ method }: { method: string }) {
  const { background, drawing } = MARKS[method] ?? {
    background: "#3a378a",
    drawing: <Letters color="#fff">{method.slice(0, 2).toUpperCase()}</Letters>,
  };
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="size-10 shrink-0"
    >
      <rect width="24" height="24" rx="6.5" fill={background} />
      {drawing}
    </svg>
  );
}

function Letters({ children, color }: { children: string; color: string }) {
  return (
    <text x="12" y="14.2" textAnchor="middle" fill={color} fontSize="6" fontWeight="800">
      {children}
    </text>
  );
}
