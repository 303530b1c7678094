"""Every claim of the project about speed, measured on the code as it is.

`python -m bench` measures all of them, `python -m bench classes` one; results are printed and
written to `bench/results/<name>.json`. Each name runs in its own process on its own throwaway data
folder with its own database, so that nothing it does can be seen anywhere else.
"""
