import asyncio

import pytest

from bot.storage.database import open_database
from tests.postgres import OTHERS_OUT, query


@pytest.fixture
async def other_process(database_url):
    database = await open_database(database_url)
    yield database
    await database.close()


async def test_who_is_alone_leads_and_goes_on_leading(database):
    assert [await database.lead() for _ in range(3)] == [True] * 3


class TestOnPostgresql:
    pytestmark = pytest.mark.slow

    @pytest.fixture
    def engine(self):
        return "postgresql"

    async def test_of_two_processes_one_leads(self, database, other_process):
        assert await database.lead()
        assert not await other_process.lead()
        assert await database.lead()

    async def test_several_may_ask_at_once_whether_it_leads(self, database):
        for _ in range(2):
            assert all(await asyncio.gather(*(database.lead() for _ in range(5))))

    async def test_another_takes_over_when_the_leader_stops(self, database, other_process):
        assert await database.lead()
        await database.close()
        assert await other_process.lead()

    async def test_a_leader_whose_session_is_lost_notices_and_exactly_one_leads(
        self, database, other_process, database_url
    ):
        assert await database.lead()
        query(database_url, OTHERS_OUT)
        assert await other_process.lead()
        assert not await database.lead()
        assert await other_process.lead()

    async def test_a_leader_whose_session_is_lost_leads_again_if_nobody_else_does(
        self, database, database_url
    ):
        assert await database.lead()
        query(database_url, OTHERS_OUT)
        assert await database.lead()

    async def test_reading_and_writing_go_on_while_another_leads(self, database, other_process):
        assert await database.lead()
        async with other_process.write() as stores:
            await stores.notes.set("who", "the other")
        async with database.read() as stores:
            assert await stores.notes.get("who") == "the other"
