async def test_a_note_is_found_by_its_key_and_replaced(database):
    async with database.write() as stores:
        assert await stores.notes.get("sync") is None
        await stores.notes.set("sync", "abc")
        await stores.notes.set("sync", "déf")
        await stores.notes.set("other", "")
    async with database.read() as stores:
        assert await stores.notes.get("sync") == "déf"
        assert await stores.notes.get("other") == ""
