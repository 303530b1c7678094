"""The pages of this room: a learner's, an officer's, a marker's."""
