"""QTI of 1EdTech (IMS): 2.1, 2.2 and 3.0 are read through one tree, 3.0 is written."""
