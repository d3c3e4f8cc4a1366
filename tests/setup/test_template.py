"""Each test process starts from the database that its run has migrated, or migrates by itself."""

import sqlite3
from types import SimpleNamespace

import pytest
from django.db.backends.sqlite3.creation import DatabaseCreation

from tests import databases


@pytest.fixture
def creation(tmp_path):
    """Where an earlier run was killed: its database is left, and the log that went with it."""
    for leftover in ("test.sqlite3", "test.sqlite3-wal", "test.sqlite3-shm"):
        (tmp_path / leftover).write_bytes(b"of an earlier run")
    named = {"TEST": {"NAME": tmp_path / "test.sqlite3"}}
    return DatabaseCreation(SimpleNamespace(settings_dict=named, alias="default"))


def test_start_from_the_template_of_the_run(creation, tmp_path, monkeypatch):
    template = tmp_path / "template.sqlite3"
    with sqlite3.connect(template) as made:
        made.execute("CREATE TABLE migrated (at text)")
    made.close()
    monkeypatch.setattr(databases, "TEMPLATE", str(template))
    copy = databases.create_sqlite_from_template(creation, 0, True)
    assert copy.read_bytes() == template.read_bytes()
    assert not list(tmp_path.glob("test.sqlite3-*"))


def test_start_from_nothing_without_a_template(creation, monkeypatch):
    monkeypatch.setattr(databases, "TEMPLATE", None)
    assert not databases.create_sqlite_from_template(creation, 0, True).exists()
