"""The doubles' process: what it does when its start meets a database that is not there yet."""

import logging

import pytest

from catalog.kernel.errors import Unavailable
from storefront.lab.doubles import insisting


async def test_accounts_are_learned_once_the_database_is_back(caplog: pytest.LogCaptureFixture) -> None:
    faults: list[Exception] = [ConnectionRefusedError("gone"), Unavailable("no connection is free")]

    async def learn() -> None:
        if faults:
            raise faults.pop()

    with caplog.at_level(logging.WARNING):
        await insisting(learn, pause_s=0)
    assert not faults
    assert [record.message for record in caplog.records] == ["double.accounts_unknown"] * 2
