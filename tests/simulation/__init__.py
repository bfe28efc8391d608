"""Clubs, Discord and the machine in a world that comes from one seed, faults and all.

Real: the services, the storage with SQLAlchemy and SQLite's own file and transactions, migrations
at every start, the cog's tick, the sending, looking and mending of `bot.ui.posting`, the cards.
Simulated: time, Discord, the network, people, crashes, and threads (there are none).
`docs/simulation.md` says how it works and what it has caught.
"""
