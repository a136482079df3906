"""A stand-in network to practise on. It stands on foundation/ alone; only cli/ starts it."""
