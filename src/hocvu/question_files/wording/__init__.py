"""Texts with pictures, tables and formulas, brought into one canonical form."""
