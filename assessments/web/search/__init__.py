"""Search over what a person may see.

The database gives the rows that a person may see, and words are compared here: so SQLite and
PostgreSQL find the same, and folding is the same for what is typed and what is stored.
"""
