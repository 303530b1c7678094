"""Is this certificate genuine? Anybody may ask: by code, by file, by the thousand, or offline.

Nothing is ever called valid that could not be checked, nobody learns here whether a person
exists, and nothing of a file that is handed in is kept or logged.

*Speaks to*: audit, credentials, kernel, people, recognition, register, spreadsheets, trust, ui,
units, and the stand-alone `hocvu_verifier`. *Announces*: nothing.
"""
