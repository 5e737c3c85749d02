-- Decisions of tontines by vote: what is decided, who may vote, the votes, and what only a decision may change. The kinds and their
-- majorities are rows; TypeScript has the same (lib/services/tontines/decisions), and a test compares.
CREATE TABLE "tontine_decision_kinds" (
	"kind" text PRIMARY KEY NOT NULL,
	"majority" text NOT NULL,
	"notice_days" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tontine_decisions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_decisions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"about" text NOT NULL,
	"opened_by_member_id" bigint NOT NULL,
	"subject_member_id" bigint,
	"candidate_member_id" bigint,
	"due_id" bigint,
	"parameters" jsonb DEFAULT '{}' NOT NULL,
	"shown" text NOT NULL,
	"shown_hash" "bytea" NOT NULL,
	"voter_ids" bigint[] NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"opened_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"closes_at" timestamp (6) with time zone NOT NULL,
	"takes_effect_at" timestamp (6) with time zone,
	"decided_at" timestamp (6) with time zone,
	"applied_at" timestamp (6) with time zone,
	CONSTRAINT "tontine_decisions_closes" CHECK ("tontine_decisions"."closes_at" > "tontine_decisions"."opened_at"),
	CONSTRAINT "tontine_decisions_voters" CHECK (cardinality("tontine_decisions"."voter_ids") >= 2),
	CONSTRAINT "tontine_decisions_decided" CHECK (("tontine_decisions"."state" = 'open') = ("tontine_decisions"."decided_at" is null)),
	CONSTRAINT "tontine_decisions_applied" CHECK (("tontine_decisions"."state" = 'applied') = ("tontine_decisions"."applied_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "tontine_votes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_votes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"decision_id" bigint NOT NULL,
	"member_id" bigint NOT NULL,
	"choice" text NOT NULL,
	"shown_hash" "bytea" NOT NULL,
	"voted_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_votes_key" UNIQUE("decision_id","member_id"),
	CONSTRAINT "tontine_votes_choice" CHECK ("tontine_votes"."choice" in ('yes', 'no'))
);
--> statement-breakpoint
ALTER TABLE "tontine_dues" ADD COLUMN "postponed_to" timestamp (6) with time zone;
--> statement-breakpoint
ALTER TABLE "tontine_dues" ADD COLUMN "rescheduled_by" bigint;
--> statement-breakpoint
ALTER TABLE "tontine_decisions" ADD CONSTRAINT "tontine_decisions_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_decisions" ADD CONSTRAINT "tontine_decisions_kind_tontine_decision_kinds_kind_fk" FOREIGN KEY ("kind") REFERENCES "public"."tontine_decision_kinds"("kind") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_decisions" ADD CONSTRAINT "tontine_decisions_opened_by_member_id_tontine_members_id_fk" FOREIGN KEY ("opened_by_member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_decisions" ADD CONSTRAINT "tontine_decisions_subject_member_id_tontine_members_id_fk" FOREIGN KEY ("subject_member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_decisions" ADD CONSTRAINT "tontine_decisions_candidate_member_id_tontine_members_id_fk" FOREIGN KEY ("candidate_member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_decisions" ADD CONSTRAINT "tontine_decisions_due_id_tontine_dues_id_fk" FOREIGN KEY ("due_id") REFERENCES "public"."tontine_dues"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_votes" ADD CONSTRAINT "tontine_votes_decision_id_tontine_decisions_id_fk" FOREIGN KEY ("decision_id") REFERENCES "public"."tontine_decisions"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_votes" ADD CONSTRAINT "tontine_votes_member_id_tontine_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "tontine_decisions_live_key" ON "tontine_decisions" USING btree ("tontine_id","about") WHERE "tontine_decisions"."state" in ('open', 'adopted');
--> statement-breakpoint
CREATE INDEX "tontine_decisions_group" ON "tontine_decisions" USING btree ("tontine_id","id");
--> statement-breakpoint
CREATE INDEX "tontine_decisions_live" ON "tontine_decisions" USING btree ("closes_at") WHERE "tontine_decisions"."state" in ('open', 'adopted');
--> statement-breakpoint
insert into tontine_decision_kinds (kind, majority, notice_days) values
  ('pause', 'two_thirds', 0),
  ('resume', 'two_thirds', 0),
  ('waiver', 'two_thirds', 0),
  ('exclusion', 'two_thirds', 7),
  ('reschedule', 'two_thirds', 0),
  ('officer', 'half', 0);
--> statement-breakpoint
insert into tontine_states (object, state, is_initial) values
  ('decision', 'open', true),
  ('decision', 'adopted', false),
  ('decision', 'applied', false),
  ('decision', 'rejected', false),
  ('decision', 'lapsed', false),
  ('decision', 'stale', false),
  ('decision', 'withdrawn', false);
--> statement-breakpoint
insert into tontine_edges (object, from_state, to_state) values
  ('due', 'late', 'open'),
  ('decision', 'open', 'adopted'),
  ('decision', 'open', 'rejected'),
  ('decision', 'open', 'lapsed'),
  ('decision', 'open', 'stale'),
  ('decision', 'open', 'withdrawn'),
  ('decision', 'adopted', 'applied'),
  ('decision', 'adopted', 'stale');
--> statement-breakpoint
-- Who may vote in a group: its members with an account who are not in default, but for the people concerned.
create function tontine_electorate(p_tontine bigint, p_concerned bigint[]) returns bigint[]
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(array_agg(m.id order by m.id), '{}') from tontine_members m
  where m.tontine_id = p_tontine and m.user_id is not null and m.state in ('active', 'late') and not m.id = any (p_concerned)
$$;
--> statement-breakpoint
-- How many of so many voters must say yes: more than half, two thirds rounded up, or all.
create function tontine_votes_needed(p_majority text, p_voters integer) returns integer
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select case p_majority when 'half' then p_voters / 2 + 1 when 'two_thirds' then (2 * p_voters + 2) / 3 else p_voters end
$$;
--> statement-breakpoint
-- A decision is opened to all who may vote, bound to what is shown; its votes decide it, and it takes effect after its notice.
create function check_tontine_decision() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  yes integer; no integer; needed integer; voters constant integer := cardinality(new.voter_ids);
begin
  if tg_op = 'INSERT' then
    new.shown_hash := sha256(convert_to(new.shown, 'UTF8'));
    if new.voter_ids <> tontine_electorate(new.tontine_id, array_remove(array[new.subject_member_id, new.candidate_member_id], null)) then
      raise exception 'all who may vote are asked, and nobody else' using errcode = 'integrity_constraint_violation';
    end if;
    if new.takes_effect_at < new.opened_at + make_interval(days => (select k.notice_days from tontine_decision_kinds k where k.kind = new.kind))
      or exists (select from unnest(array[new.opened_by_member_id, new.subject_member_id, new.candidate_member_id]) as c(id)
        where c.id is not null and not exists (select from tontine_members m where m.id = c.id and m.tontine_id = new.tontine_id))
      or (new.due_id is not null and not exists (select from tontine_dues d where d.id = new.due_id and d.tontine_id = new.tontine_id)) then
      raise exception 'a decision is about its group, after its notice' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if new.state = old.state then return new; end if;
  select count(*) filter (where v.choice = 'yes'), count(*) filter (where v.choice = 'no') into yes, no
  from tontine_votes v where v.decision_id = new.id;
  select tontine_votes_needed(k.majority, voters) into needed from tontine_decision_kinds k where k.kind = new.kind;
  if (new.state in ('adopted', 'applied') and yes < needed)
    or (new.state = 'rejected' and no <= voters - needed and new.decided_at < new.closes_at)
    or (new.state = 'lapsed' and new.decided_at < new.closes_at)
    or (new.state = 'applied' and (new.takes_effect_at is null or new.applied_at < new.takes_effect_at)) then
    raise exception 'a decision is what its votes say' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_decisions_keep before insert or update on tontine_decisions
for each row execute function keep_tontine_object('decision', 'state', 'decided_at', 'applied_at');
--> statement-breakpoint
create trigger tontine_decisions_check before insert or update on tontine_decisions for each row execute function check_tontine_decision();
--> statement-breakpoint
create trigger tontine_decisions_stay before delete on tontine_decisions for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_decisions_no_truncate before truncate on tontine_decisions for each statement execute function keep_row();
--> statement-breakpoint
-- A vote is by somebody who was asked and is still there, on what was shown, in time.
create function check_tontine_vote() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select from tontine_decisions d join tontine_members m on m.id = new.member_id
    where d.id = new.decision_id and d.state = 'open' and d.shown_hash = new.shown_hash and new.voted_at < d.closes_at
      and m.id = any (d.voter_ids) and m.tontine_id = d.tontine_id and m.user_id is not null and m.state in ('active', 'late')) then
    raise exception 'this member does not vote on this decision' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_votes_check before insert on tontine_votes for each row execute function check_tontine_vote();
--> statement-breakpoint
create trigger tontine_votes_append_only before update or delete on tontine_votes for each row execute function refuse_change();
--> statement-breakpoint
create trigger tontine_votes_no_truncate before truncate on tontine_votes for each statement execute function refuse_change();
--> statement-breakpoint
-- Whether a group has just adopted such a decision, which is being applied.
create function tontine_is_adopted(p_tontine bigint, p_kind text, p_member bigint) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select exists (select from tontine_decisions d where d.tontine_id = p_tontine and d.kind = p_kind and d.state = 'adopted'
    and (p_member is null or p_member in (d.subject_member_id, d.candidate_member_id)))
$$;
--> statement-breakpoint
-- A group is paused, goes on, and is cancelled once it has begun, by decision of its members.
create function check_tontine_decided() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.state <> old.state and not tontine_is_adopted(new.id, case
      when new.state = 'paused' then 'pause' when old.state = 'paused' and new.state = 'running' then 'resume'
      when new.state = 'cancelled' and old.state in ('running', 'paused') then 'cancellation' else 'none' end, null)
    and (new.state = 'paused' or (old.state in ('running', 'paused') and new.state <> 'closing')) then
    raise exception 'the members decide this' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontines_decided_check before update of state on tontines for each row execute function check_tontine_decided();
--> statement-breakpoint
-- A member is excluded, and offices of a group that has begun change hands, by decision of the others.
create function check_tontine_member_decided() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (new.state = 'excluded' and old.state <> 'excluded' and not tontine_is_adopted(new.tontine_id, 'exclusion', new.id))
    or (new.roles <> old.roles and new.state in ('active', 'late', 'defaulted') and not tontine_is_adopted(new.tontine_id, 'officer', new.id)
      and exists (select from tontines t where t.id = new.tontine_id and t.state in ('running', 'paused', 'closing'))) then
    raise exception 'the members decide this' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_members_decided_check before update on tontine_members for each row execute function check_tontine_member_decided();
--> statement-breakpoint
-- Dates move, to later ones, while a pause ends.
create function check_tontine_turn_dates() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (new.due_on, new.due_at, new.closes_at) is distinct from (old.due_on, old.due_at, old.closes_at)
    and (new.due_at < old.due_at or new.closes_at < old.closes_at or not exists (
      select from tontines t where t.id = new.tontine_id and t.state = 'paused' and tontine_is_adopted(t.id, 'resume', null))) then
    raise exception 'dates of turns move when a pause ends' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_turns_dates_check before update on tontine_turns for each row execute function check_tontine_turn_dates();
--> statement-breakpoint
-- What is due later is due so since a pause or a vote, and only that makes a late due open again.
create function check_tontine_due() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  by_vote constant boolean := exists (select from tontine_decisions d join tontine_share_holders h on h.id = new.holder_id
    where d.id = new.rescheduled_by and d.kind = 'reschedule' and d.state = 'adopted' and d.subject_member_id = h.member_id);
begin
  if (new.rescheduled_by is distinct from old.rescheduled_by and not by_vote)
    or (new.postponed_to is distinct from old.postponed_to and (new.postponed_to is null
      or new.postponed_to < coalesce(old.postponed_to, old.due_at) or not (by_vote or tontine_is_adopted(new.tontine_id, 'resume', null))))
    or (old.state = 'late' and new.state = 'open' and not by_vote) then
    raise exception 'the members decide when a due is paid later' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_dues_later_check before update on tontine_dues for each row when (
  (new.postponed_to, new.rescheduled_by) is distinct from (old.postponed_to, old.rescheduled_by) or (old.state = 'late' and new.state = 'open'))
execute function check_tontine_due();
--> statement-breakpoint
drop trigger tontine_dues_keep on tontine_dues;
--> statement-breakpoint
create trigger tontine_dues_keep before insert or update on tontine_dues
for each row execute function keep_tontine_object('due', 'state', 'paid_minor', 'covered_minor', 'waived_minor', 'postponed_to', 'rescheduled_by');
--> statement-breakpoint
drop trigger tontine_turns_keep on tontine_turns;
--> statement-breakpoint
create trigger tontine_turns_keep before insert or update on tontine_turns
for each row execute function keep_tontine_object('turn', 'state', 'kind', 'called_at', 'paid_at', 'due_on', 'due_at', 'closes_at');
--> statement-breakpoint
revoke execute on function tontine_electorate, tontine_votes_needed, check_tontine_decision, check_tontine_vote, tontine_is_adopted,
  check_tontine_decided, check_tontine_member_decided, check_tontine_turn_dates, check_tontine_due from public;
--> statement-breakpoint
grant execute on function tontine_electorate, tontine_votes_needed, tontine_is_adopted to cauris_app;
--> statement-breakpoint
grant select on tontine_decision_kinds to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, decided_at, applied_at) on tontine_decisions to cauris_app;
--> statement-breakpoint
grant select, insert on tontine_votes to cauris_app;
--> statement-breakpoint
grant update (postponed_to, rescheduled_by) on tontine_dues to cauris_app;
--> statement-breakpoint
grant update (due_on, due_at, closes_at) on tontine_turns to cauris_app;
