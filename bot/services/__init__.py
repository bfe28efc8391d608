"""Use cases: one method a thing that a member, a coach or the clock can ask for."""
