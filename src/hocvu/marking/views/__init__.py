"""The pages of this room: of markers, of learners who appeal, of those who decide."""
