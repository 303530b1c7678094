"""When marks of people settle an answer, and until when a result can be appealed."""
