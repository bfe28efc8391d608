"""The rules, pure: no I/O, no clock, no Discord, standard library only."""
