"""Drills: each breaks something while people read and register, and says what was lost. Nothing may be."""
