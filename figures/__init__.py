"""Draws every move from its pose sheet: a looping GIF and a strip of its key poses."""
