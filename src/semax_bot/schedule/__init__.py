"""When a learner should see an item again: FSRS over the log of attempts. Pure functions over plain values."""
