"""What a holder carries away: statements for QR codes, status lists, credentials for any wallet.

Plain values in, signed octets or JSON out; whoever calls says which key signs. The other half,
which reads and checks, stands in `hocvu_verifier` and was written separately, so that one mistake
cannot fool both.

*Speaks to*: nothing.
*Announces*: nothing.
"""
