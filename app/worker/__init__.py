"""The clock's face: it only ticks. What is due is asked of the database, what is done stands in errands/."""
