"""What talks to a network, step by step. Each errand opens short sessions of its own and commits each step;
none holds a session during a call."""
