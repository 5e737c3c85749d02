const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a link shows its receipt. */
export const LINK_LIFETIME_MS = 90 * DAY_MS;

/** A link that ends sooner isn't handed on again: a new one is made. */
export const LINK_LEFT_MIN_MS = 30 * DAY_MS;

/** Links of one receipt that may work at once: the older ones end by their date. */
export const LISTED_LINKS_MAX = 10;
