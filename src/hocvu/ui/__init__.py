"""Purpose: what every page looks like: base page, kinds of page, components, lists, charts.

*Speaks to*: kernel, register, spreadsheets.
*Announces*: nothing.
"""
