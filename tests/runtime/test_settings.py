"""What the operator may set, and the message for a setting that cannot be used."""

from pathlib import Path

import pytest

from services.runtime.settings import SettingsError, from_environment


def test_without_any_variable_the_data_lies_in_the_working_folder_and_the_port_is_8000() -> None:
    settings = from_environment({})
    assert (settings.data, settings.port) == (Path.cwd() / ".data", 8000)
    assert (settings.database_url, settings.pg_bindir, settings.origin) == (None, None, "ledger.invalid")


def test_an_empty_variable_counts_as_absent() -> None:
    assert from_environment({"PORT": "", "LEDGER_DATA": "", "LEDGER_DATABASE_URL": ""}) == from_environment({})


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80x", "８０"])
def test_a_port_that_cannot_be_one_is_refused_by_name(port: str) -> None:
    with pytest.raises(SettingsError, match="PORT must be a number from 1 to 65535"):
        from_environment({"PORT": port})
