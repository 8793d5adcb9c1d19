"""Every table has its place among the roles' rights: one that nobody thought of fails here."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from dingzi.matters import registry
from dingzi.project import roles
from tests.databases import acting_as

#: Tables, beside those of processes, in which web and steward may read, add, change and delete, because all that stands there
#: can be made anew from events (projections, cells, search), is the working state of the site
#: (sessions, tasks, drafts of imports), or is an account's own. Nothing of it is a record. A table
#: whose rows must stay belongs into ``guards.GUARDED_TABLES`` or ``KEPT_TABLES``.
OPEN = frozenset({
    # projections of events
    "city_delegation", "city_division", "city_localparameter", "city_post", "city_tenure", "city_unit",
    "matters_book", "matters_counter", "matters_handover",
    "matters_handoveritem", "matters_handoversign", "matters_matter", "matters_paper", "matters_part",
    "matters_postpart", "ledger_erasure", "city_residents", "figures_definition", "figures_frozen",
    "figures_naming",
    # computed from projections
    "core_searchentry", "figures_cell", "figures_frozenrows", "figures_guardreading", "figures_pending", "figures_series",
    "figures_tallied",
    # files by their digests; imports under way; what witnesses last signed (their signature counts)
    "core_blob", "matters_importfault", "matters_importrun", "ledger_cosignature",
    # accounts, sign-in, machines; sessions, tasks, heartbeat; what a viewer keeps for himself
    "account_emailaddress", "account_emailconfirmation", "auth_group", "auth_group_permissions",
    "auth_permission", "axes_accessattempt", "axes_accessattemptexpiration", "axes_accessfailurelog",
    "axes_accesslog", "city_account", "city_apiclient", "city_stamp", "mfa_authenticator",
    "socialaccount_socialaccount", "socialaccount_socialapp", "socialaccount_socialtoken",
    "django_content_type", "django_session", "django_tasks_database_dbtaskresult",
    "matters_savedview", "project_heartbeat",
    # what is told to citizens who asked to be told, until it is sent
    "notices_notice", "notices_place", "notices_subscription", "articles_opened",
})  # fmt: skip


def _projections() -> set[str]:
    """Return the tables in which processes keep their matters: made anew from events."""
    return {handle.model._meta.db_table for handle in registry.handles() if handle.model}


def test_every_table_of_the_models_has_been_thought_of() -> None:
    """A new table is guarded, or stands in the list above; what is gone leaves the list."""
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }
    guarded = set(roles.guarded_tables())
    known = OPEN | _projections()
    assert not guarded & known
    assert sorted(tables - guarded - known) == []
    assert sorted(OPEN - tables) == []


def test_no_table_of_the_database_lies_outside_the_models(db: None) -> None:
    """Every table is a model's, Django's list of migrations, or part of SQLite's search index."""
    known = OPEN | _projections() | set(roles.guarded_tables()) | {"django_migrations"}
    found = set(connection.introspection.table_names())
    assert {t for t in found - known if not t.startswith("core_search_fts")} == set()


def test_the_record_is_guarded_from_every_role(db: None, db_engine: str) -> None:
    """In none of the guarded tables may any role change a row, but for what only the sealer keeps."""
    for table, rights in roles.guarded_tables().items():
        for role, given in rights.items():
            sealers = table == "ledger_refused" and role == roles.STEWARD
            assert ("UPDATE" in given) == sealers, (table, role)
    if db_engine == "postgresql":
        with acting_as(roles.OWNER):
            assert roles.wrong(connection) == []
