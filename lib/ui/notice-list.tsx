import { BidiText } from "./bidi-text";
import { Icon, type IconName } from "./icons";

/** One notice; all texts are translated and formatted. */
export interface NoticeItem {
  id: string;
  href: string;
  icon: IconName;
  title: string;
  text: string;
  /** "14:02". */
  time: string;
  /** "Non lu"; null for one that was read. */
  unread: string | null;
}

export interface NoticeDay {
  /** "Aujourd’hui", "Vendredi 20 novembre". */
  heading: string;
  notices: readonly NoticeItem[];
}

/** Notices grouped by day, newest first, each a link to what it is about. Unread ones have a mark and the word. */
export function NoticeList({ days }: { days: readonly NoticeDay[] }) {
  return days.map((day) => (
    <section key={day.heading} className="mt-3">
      <h2 className="mb-1.5 px-0.5 text-sm font-normal text-muted">{day.heading}</h2>
      <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
        {day.notices.map((notice) => (
          <li key={notice.id}>
            <NoticeRow {...notice} />
          </li>
        ))}
      </ul>
    </section>
  ));
}

function NoticeRow({ href, icon, title, text, time, unread }: Omit<NoticeItem, "id">) {
  return (
    <a href={href} className="flex items-start gap-3 px-3.5 py-3 -outline-offset-4 hover:bg-tint/50">
      <span className="mt-0.5 grid size-10 shrink-0 place-items-center rounded-field bg-tint">
        <Icon name={icon} />
      </span>
      <span className="min-w-0 grow">
        <span className="block leading-snug font-semibold">
          <BidiText text={title} />
        </span>
        <span className="mt-0.5 block text-sm">
          <BidiText text={text} />
        </span>
        <span className="mt-1 flex flex-wrap items-center gap-x-3 text-sm text-muted">
          {time}
          {unread !== null && (
            <span className="inline-flex items-center gap-1.5 font-semibold text-link">
              <span aria-hidden="true" className="size-2 rounded-full bg-current" />
              {unread}
            </span>
          )}
        </span>
      </span>
    </a>
  );
}
