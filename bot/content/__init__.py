"""What ships as data: exercises and what is known about them; time zones with their countries."""
