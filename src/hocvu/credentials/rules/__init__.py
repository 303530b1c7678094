"""Who has earned recognition, how numbers are written, what a certificate's record says."""
