"""The real services, storage and posting in a world that comes from one seed, faults and all."""
