"""Slash commands, one file each: parse, ask one service, show one message."""
