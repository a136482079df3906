"""What talks to a network, step by step, with short sessions of its own and none during a call."""
