"""Measuring ability and the questions it is measured with: item response theory and its kin.

Read `curves` first; then `calibration` (from answers to item parameters), `ability` (from answers
to a level with its error), `adaptive` (which question next, and when to stop), `linking`
(two calibrations on one scale), `quality` (what is wrong with a question), `growth` (before and
after) and `angoff` (where a panel of judges draws the line). Plain arrays in, frozen values out;
every module names the paper it implements. No Django inside.

*Speaks to*: nobody. *Announces*: nothing.
"""
