"""The bot's process against a stand-in for Discord, over real sockets."""
