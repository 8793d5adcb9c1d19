"""What the database itself refuses: changing the record.

Triggers hold for whoever writes, on both databases; on PostgreSQL the roles (``dingzi database
roles``) also take the right away. ``Outbox`` is filled by a trigger, so no event can miss it.

What belongs to an event is compared with the events once for a statement (``of_events``). A foreign
key would lock each event's row for each of its parts, which writes that row anew, though no event can
ever go; and its plan, made while the table was small, reads the whole table for each row later.
"""

from __future__ import annotations

#: Tables whose rows the web's role may only read, or insert and read.
GUARDED_TABLES = ("matters_event", "matters_private", "matters_opening", "matters_outbox")
#: Of these, the eraser's role alone deletes rows.
ERASABLE_TABLES = ("matters_private", "matters_opening")
#: Filled by a trigger alone; the steward's role empties it.
SEALED_TABLES = ("matters_outbox",)

_POSTGRES = """
CREATE SEQUENCE IF NOT EXISTS matters_matter_seq START 1000;
CREATE OR REPLACE FUNCTION dingzi_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'dingzi: % of % is refused, the record only grows', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE FUNCTION dingzi_outbox() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO matters_outbox (event_id) SELECT id FROM fresh;
  RETURN NULL;
END $$;
CREATE TRIGGER event_kept BEFORE UPDATE OR DELETE ON matters_event
  FOR EACH ROW EXECUTE FUNCTION dingzi_refuse();
CREATE TRIGGER event_whole BEFORE TRUNCATE ON matters_event
  FOR EACH STATEMENT EXECUTE FUNCTION dingzi_refuse();
CREATE TRIGGER private_kept BEFORE UPDATE ON matters_private
  FOR EACH ROW EXECUTE FUNCTION dingzi_refuse();
CREATE TRIGGER opening_kept BEFORE UPDATE ON matters_opening
  FOR EACH ROW EXECUTE FUNCTION dingzi_refuse();
CREATE TRIGGER event_outbox AFTER INSERT ON matters_event
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION dingzi_outbox();
"""

_SQLITE = [
    """CREATE TRIGGER event_kept_u BEFORE UPDATE ON matters_event
       BEGIN SELECT RAISE(ABORT, 'dingzi: the record only grows'); END""",
    """CREATE TRIGGER event_kept_d BEFORE DELETE ON matters_event
       BEGIN SELECT RAISE(ABORT, 'dingzi: the record only grows'); END""",
    """CREATE TRIGGER private_kept BEFORE UPDATE ON matters_private
       BEGIN SELECT RAISE(ABORT, 'dingzi: the record only grows'); END""",
    """CREATE TRIGGER opening_kept BEFORE UPDATE ON matters_opening
       BEGIN SELECT RAISE(ABORT, 'dingzi: the record only grows'); END""",
    """CREATE TRIGGER event_outbox AFTER INSERT ON matters_event
       BEGIN INSERT INTO matters_outbox (event_id) VALUES (NEW.id); END""",
]

_CHECK = """
CREATE OR REPLACE FUNCTION dingzi_of_event() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh f WHERE f.event_id IS NOT NULL
    AND (SELECT e.id FROM public.matters_event e WHERE e.id = f.event_id) IS NULL) THEN
    RAISE EXCEPTION 'dingzi: a row of % belongs to no event', TG_TABLE_NAME
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
-- "public" alone would have a temporary table of the same name come first
ALTER FUNCTION dingzi_outbox() SET search_path = public, pg_temp;
"""
_KEYLESS = """
DO $$ DECLARE found name; BEGIN
  FOR found IN SELECT conname FROM pg_constraint WHERE contype = 'f'
    AND conrelid = 'public.{table}'::regclass AND confrelid = 'public.matters_event'::regclass
  LOOP EXECUTE format('ALTER TABLE public.{table} DROP CONSTRAINT %I', found); END LOOP;
END $$;
"""
_OF_EVENT = """
CREATE TRIGGER of_event AFTER INSERT ON {table}
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION dingzi_of_event();
"""


def of_events(vendor: str, *tables: str) -> list[str]:
    """Return the SQL that compares what is added to ``tables`` with the events, without foreign keys.

    The outbox needs none: a trigger alone adds to it. On SQLite the foreign keys stay.
    """
    if vendor != "postgresql":
        return []
    keyless = [_KEYLESS.format(table=table) for table in tables]
    compared = [table for table in tables if table not in SEALED_TABLES]
    return [*keyless, _CHECK, *(_OF_EVENT.format(table=table) for table in compared)]


def statements(vendor: str) -> list[str]:
    """Return the SQL that puts the guards up on ``vendor``."""
    return [_POSTGRES] if vendor == "postgresql" else _SQLITE
