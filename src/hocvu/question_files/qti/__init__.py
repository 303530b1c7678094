"""QTI of 1EdTech (IMS): 1.2 to 3.0 are read, 3.0 is written."""
