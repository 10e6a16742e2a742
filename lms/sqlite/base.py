from django.db.backends.sqlite3 import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    # SQLite itself has taken 32,766 since 2020; with Django's 999 a register of 4,000 marks
    # would be saved in 35 queries instead of 4.
    max_query_params = 30_000


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
