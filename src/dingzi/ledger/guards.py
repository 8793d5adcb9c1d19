"""What the database refuses: changing the order that was sealed."""

from __future__ import annotations

#: Rows are added by the steward's role, read by all, changed and deleted by nobody.
KEPT_TABLES = ("ledger_leaf", "ledger_head")
#: The sealer's own: what it could not take.
SEALER_TABLES = ("ledger_refused",)

_POSTGRES = """
CREATE TRIGGER {name}_kept BEFORE UPDATE OR DELETE ON ledger_{name}
  FOR EACH ROW EXECUTE FUNCTION dingzi_refuse();
CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON ledger_{name}
  FOR EACH STATEMENT EXECUTE FUNCTION dingzi_refuse();
"""
_SQLITE = (
    """CREATE TRIGGER {name}_kept_u BEFORE UPDATE ON ledger_{name}
       BEGIN SELECT RAISE(ABORT, 'dingzi: the log only grows'); END""",
    """CREATE TRIGGER {name}_kept_d BEFORE DELETE ON ledger_{name}
       BEGIN SELECT RAISE(ABORT, 'dingzi: the log only grows'); END""",
)


def statements(vendor: str) -> list[str]:
    """Return the SQL that puts the guards up on ``vendor``."""
    forms = [_POSTGRES] if vendor == "postgresql" else _SQLITE
    return [form.format(name=name) for name in ("leaf", "head") for form in forms]
