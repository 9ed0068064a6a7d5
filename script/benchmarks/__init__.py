"""Measurements anyone can run again; `script/bench NAME` runs one."""
