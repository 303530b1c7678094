"""Pages, files and workbooks of verification. All but the keys are public."""
