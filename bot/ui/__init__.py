"""Messages: one file each, how it looks and what its buttons do."""
