"""What the database itself refuses: changing the record.

Triggers hold for whoever writes, on both databases; on PostgreSQL the roles (``dingzi database
roles``) also take the right away. ``Outbox`` is filled by a trigger, so no event can miss it.
"""

from __future__ import annotations

#: Tables whose rows the web's role may only insert and read.
GUARDED_TABLES = ("matters_event", "matters_private", "matters_opening", "matters_outbox")
#: Of these, the eraser's role alone deletes rows.
ERASABLE_TABLES = ("matters_private", "matters_opening")
#: The steward's role empties it.
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


def statements(vendor: str) -> list[str]:
    """Return the SQL that puts the guards up on ``vendor``."""
    return [_POSTGRES] if vendor == "postgresql" else _SQLITE
