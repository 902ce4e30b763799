"""What Aurora PostgreSQL offers: its extensions, as data.

Source: "Extension versions for Amazon Aurora PostgreSQL" of the Aurora PostgreSQL release notes
(docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/AuroraPostgreSQL.Extensions.html),
versions 16 and 17, as of 2026-11. A cluster itself says `show rds.extensions`.
What only some of these versions have, and what could not be confirmed, is left out: it is told as
not available rather than passed.
"""

from __future__ import annotations

EXTENSIONS = frozenset(
    (
        *("address_standardizer", "address_standardizer_data_us", "amcheck", "apg_plan_mgmt"),
        *("autoinc", "aws_commons", "aws_lambda", "aws_ml"),
        *("aws_s3", "bloom", "bool_plperl", "btree_gin", "btree_gist", "citext", "cube", "dblink"),
        *("dict_int", "dict_xsyn", "earthdistance", "fuzzystrmatch", "h3"),
        *("h3_postgis", "hll", "hstore", "hstore_plperl", "hypopg", "insert_username", "intagg"),
        *("intarray", "ip4r", "isn", "jsonb_plperl", "lo", "log_fdw", "ltree", "moddatetime"),
        *("mysql_fdw", "oracle_fdw", "orafce", "pg_bigm"),
        *("pg_buffercache", "pg_cron", "pg_freespacemap", "pg_hint_plan", "pg_partman"),
        *("pg_prewarm", "pg_proctab", "pg_repack", "pg_similarity", "pg_stat_statements"),
        *("pg_tle", "pg_trgm", "pg_visibility"),
        *("pgaudit", "pgcrypto", "pglogical", "pgrouting", "pgrowlocks"),
        *("pgstattuple", "pgtap", "pgvector", "plcoffee", "plls", "plperl", "plpgsql"),
        *("plprofiler", "pltcl", "plv8", "postgis", "postgis_raster"),
        *("postgis_sfcgal", "postgis_tiger_geocoder", "postgis_topology", "postgres_fdw"),
        *("prefix", "rdkit", "rds_tools", "refint", "seg", "sslinfo"),
        *("tablefunc", "tcn", "tds_fdw", "test_parser", "tsm_system_rows", "tsm_system_time"),
        *("unaccent", "uuid-ossp", "vector"),
    )
)
