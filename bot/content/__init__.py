"""What ships as data: the exercises, and the time zones with their countries."""
