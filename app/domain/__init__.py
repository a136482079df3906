"""Rules without I/O: roles, states, timing, texts. Time comes in as an argument."""
