"""Pictures: what stands beside a message's text, drawn from words and numbers alone."""
