"""Purpose: what every page looks like: base page, kinds of page, components, lists, charts.

*Speaks to*: kernel, spreadsheets.
*Announces*: nothing.
"""
