"""One estate in every format that is read: `network` says what it is, and each other module writes one format of it.

The writers are made from the formats' documentation alone and use nothing of the program.
"""
