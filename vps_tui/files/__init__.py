"""Files of the program: where they lie, and how they are written for their owner alone."""
