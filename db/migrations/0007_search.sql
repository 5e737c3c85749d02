-- What the history is searched by. The same as `foldText` in lib/text.ts: without accents and vowel signs, with plain letters, one
-- kind of apostrophe and hyphen, lower case in ASCII.
create function fold_text(value text) returns text
language sql immutable strict parallel safe as $$
  select translate(case when octet_length(value) = char_length(value) then lower(value collate "C") else
    lower(translate(
      replace(replace(replace(replace(replace(
        regexp_replace(normalize(replace(value, '´', ''''), NFKD), '[\u0300-\u036f\u064b-\u0652\u07eb-\u07f3]', '', 'g'),
        'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae'), 'ß', 'ss'),
      'ɓƁɗƊđĐɛƐǝƎɠƓıƙƘłŁŋŊɲƝɔƆøØƴƳ’‘ʼʻ′‐‑–—',
      'bbddddeeeeggikkllnnnnooooyy''''''''''----') collate "C")
  end, '`', '''')
$$;--> statement-breakpoint
grant execute on function fold_text(text) to cauris_app;--> statement-breakpoint
-- Written once, since folding a note takes ten times as long as looking into it, and a search looks into every one of a wallet.
alter table operations add column note_folded text;--> statement-breakpoint
create function fold_operation_note() returns trigger language plpgsql as $$
begin
  new.note_folded := fold_text(new.note);
  return new;
end $$;--> statement-breakpoint
create trigger operations_fold_note before insert or update of note on operations
  for each row when (new.note is not null) execute function fold_operation_note();
