"""One snapshot, streamed and encrypted; and the way back from it."""
