"""How things are said: times, names, access, what has changed; values in, words out."""
