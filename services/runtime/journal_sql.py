"""The only statements that read `ledger.events`, for `journal.py`."""

# A link or a void is told from the other by what it is not, so that only the index of what they name fits: an index of
# one type alone is empty at first, and a plan that was made then would go on to scan all of it.
_IS_LINK, _IS_VOID = "<> 'event.voided'", "<> 'practitioner.linked'"
# Whether the link `e` is not voided, up to position $3. Not by EXISTS, which PostgreSQL may turn into a join with all
# voids of the ledger.
_NOT_VOIDED = f"""(
       SELECT v.position
         FROM ledger.events v
        WHERE v.ledger = $1
          AND v.names = replace(e.event_id::text, '-', '')
          AND v.practitioner_id = e.practitioner_id
          AND v.type {_IS_VOID}
          AND v.position <= $3
        LIMIT 1
       ) IS NULL"""  # noqa: S608 - constants of this module; values are bound
_EVER = "true"


def _linked(counts: str) -> str:
    """Return the beginning of a statement that has, as `linked`, the streams $2 and all that links up to position $3
    connect with them, directly or through others: those links for which `counts` holds."""
    return f"""
WITH RECURSIVE linked (practitioner_id) AS (
     SELECT unnest($2::text[]) COLLATE "C"
      UNION
     SELECT other.practitioner_id
       FROM linked l
      CROSS JOIN LATERAL (
            SELECT e.names
              FROM ledger.events e
             WHERE e.ledger = $1
               AND e.practitioner_id = l.practitioner_id
               AND e.type = 'practitioner.linked'
               AND e.position <= $3
               AND {counts}
             UNION ALL
            SELECT e.practitioner_id
              FROM ledger.events e
             WHERE e.ledger = $1
               AND e.names = l.practitioner_id
               AND e.type {_IS_LINK}
               AND e.position <= $3
               AND {counts}
            ) AS other (practitioner_id)
     )"""  # noqa: S608 - constants of this module; values are bound


_LINKED = _linked(_NOT_VOIDED)
# The link in force of the stream `l`.
_OWN_LINK = f"""
       SELECT e.event_id,
              e.names AS same_as
         FROM ledger.events e
        WHERE e.ledger = $1
          AND e.practitioner_id = l.practitioner_id
          AND e.type = 'practitioner.linked'
          AND e.position <= $3
          AND {_NOT_VOIDED}
        LIMIT 1"""  # noqa: S608 - as above

HEAD = """
SELECT position,
       recorded_at
  FROM ledger.heads
 WHERE ledger = $1
"""
FEED_PAGE = """
SELECT h.position AS head,
       e.position,
       e.practitioner_id,
       e.version,
       e.leaf,
       e.leaf_hash
  FROM ledger.heads h
  LEFT JOIN LATERAL (
       SELECT position, practitioner_id, version, leaf, leaf_hash
         FROM ledger.events
        WHERE ledger = h.ledger
          AND position > $2
        ORDER BY position
        LIMIT $3
       ) e ON true
 WHERE h.ledger = $1
 ORDER BY e.position
"""
# A version and its position grow together, so the stream up to a position is a prefix of its versions.
STREAM_PAGE = """
WITH known AS (
     SELECT coalesce(max(version), 0) AS version
       FROM ledger.events
      WHERE ledger = $1
        AND practitioner_id = $2
        AND position <= $3
     )
SELECT k.version AS head,
       e.position,
       e.practitioner_id,
       e.version,
       e.leaf,
       e.leaf_hash
  FROM known k
  LEFT JOIN LATERAL (
       SELECT position, practitioner_id, version, leaf, leaf_hash
         FROM ledger.events
        WHERE ledger = $1
          AND practitioner_id = $2
          AND version > $4
          AND version <= k.version
        ORDER BY version
        LIMIT $5
       ) e ON true
 ORDER BY e.version
"""
STREAM = """
SELECT position,
       practitioner_id,
       version,
       leaf,
       leaf_hash
  FROM ledger.events
 WHERE ledger = $1
   AND practitioner_id = $2
   AND position <= $3
   AND version > $4
 ORDER BY version
 LIMIT $5
"""
LAST_POSITION = """
SELECT position
  FROM ledger.events
 WHERE ledger = $1
   AND practitioner_id = $2
   AND position <= $3
 ORDER BY version DESC
 LIMIT 1
"""
# Only whose events they are: a follower reads the whole streams of these people.
TOUCHED = """
SELECT position,
       practitioner_id
  FROM ledger.events
 WHERE ledger = $1
   AND position > $2
 ORDER BY position
 LIMIT $3
"""
# One person after the other: given all of them together, PostgreSQL may choose to read the whole ledger while its
# tables are small, and keeps that plan when they have grown.
_STREAM_OF_EACH = """
 CROSS JOIN LATERAL (
       SELECT position, version, leaf, leaf_hash
         FROM ledger.events
        WHERE ledger = $1
          AND practitioner_id = l.practitioner_id
          AND position <= $3
        ORDER BY version
       ) e
"""
STREAMS = f"""
SELECT l.practitioner_id,
       e.position,
       e.version,
       e.leaf,
       e.leaf_hash
  FROM unnest($2::text[]) AS l (practitioner_id){_STREAM_OF_EACH}
 LIMIT $4
"""  # noqa: S608 - as above
# With each event, where the link of its stream leads: mostly nowhere.
PEOPLE = f"""{_LINKED}
SELECT l.practitioner_id,
       own.same_as,
       e.position,
       e.version,
       e.leaf,
       e.leaf_hash
  FROM linked l
  LEFT JOIN LATERAL ({_OWN_LINK}
       ) own ON true{_STREAM_OF_EACH}
 LIMIT $4
"""  # noqa: S608 - as above
LINKS = f"""{_LINKED}
SELECT l.practitioner_id,
       own.event_id,
       own.same_as
  FROM linked l
 CROSS JOIN LATERAL ({_OWN_LINK}
       ) own
"""  # noqa: S608 - as above
EVER_LINKED = f"""{_linked(_EVER)}
SELECT practitioner_id
  FROM linked
"""  # noqa: S608 - as above
# Streams with a link, or a void that may be of one, between two positions.
RELINKED = """
SELECT DISTINCT practitioner_id
  FROM ledger.events
 WHERE ledger = $1
   AND position > $2
   AND position <= $3
   AND names IS NOT NULL
"""
# By a partial index, one person after the other as above, so the limit ends the reading. A leaf that is not returned is
# not fetched: its row holds its length.
REVISIONS = """
SELECT practitioner_id,
       position,
       version,
       leaf,
       leaf_hash
  FROM (
       SELECT *,
              sum(octet_length(leaf)) OVER (ORDER BY ordinal, version) - octet_length(leaf) AS bytes_before
         FROM (
              SELECT p.ordinal,
                     e.*
                FROM unnest($2::text[], $3::int[]) WITH ORDINALITY AS p (practitioner_id, version, ordinal)
               CROSS JOIN LATERAL (
                     SELECT practitioner_id, position, version, leaf, leaf_hash
                       FROM ledger.events
                      WHERE ledger = $1
                        AND practitioner_id = p.practitioner_id
                        AND version > p.version
                        AND position <= $4
                        AND type IN ('event.corrected', 'event.voided')
                      ORDER BY version
                     ) e
               LIMIT $5
              ) AS first
       ) AS measured
 WHERE bytes_before < $6
 ORDER BY ordinal,
          version
"""
STREAMS_AFTER = """
SELECT practitioner_id,
       position,
       version,
       leaf,
       leaf_hash
  FROM ledger.events
 WHERE ledger = $1
   AND practitioner_id > $2
   AND left(practitioner_id, 1) <> '_'
   AND position <= $3
 ORDER BY practitioner_id,
          version
 LIMIT $4
"""
RECORDED_BEHIND = """
SELECT e.ledger,
       e.recorded_at
  FROM unnest($1::text[], $2::bigint[]) AS p (ledger, position)
  JOIN ledger.events e
    ON e.ledger = p.ledger
   AND e.position = p.position + 1
"""
TIP = f"""{_LINKED}
SELECT h.position AS head,
       person.practitioner_id,
       person.version,
       person.position,
       (SELECT position
          FROM ledger.events
         WHERE ledger = h.ledger
           AND practitioner_id = $4
         ORDER BY version DESC
         LIMIT 1) AS rules_position
  FROM ledger.heads h
 CROSS JOIN LATERAL (
       SELECT min(l.practitioner_id) FILTER (WHERE own.same_as IS NULL) AS practitioner_id,
              sum(e.version) AS version,
              max(e.position) AS position
         FROM linked l
         LEFT JOIN LATERAL ({_OWN_LINK}
              ) own ON true
         LEFT JOIN LATERAL (
              SELECT version, position
                FROM ledger.events
               WHERE ledger = $1
                 AND practitioner_id = l.practitioner_id
               ORDER BY version DESC
               LIMIT 1
              ) e ON true
       ) person
 WHERE h.ledger = $1
"""  # noqa: S608 - as above
# Every event is counted: this takes as long as reading an index of all of them.
BROKEN_STREAMS = """
SELECT practitioner_id
  FROM ledger.events
 WHERE ledger = $1
   AND position <= $2
 GROUP BY practitioner_id
HAVING count(*) <> max(version)
 ORDER BY practitioner_id
 LIMIT $3
"""
ROWS_AFTER = """
SELECT position,
       practitioner_id,
       event_id,
       type,
       occurred_on,
       recorded_at,
       names,
       leaf,
       leaf_hash
  FROM ledger.events
 WHERE ledger = $1
   AND position > $2
   AND position <= $3
 ORDER BY position
 LIMIT $4
"""
EXTENTS = """
SELECT h.ledger,
       h.position AS head,
       coalesce(e.last, 0) AS last,
       coalesce(e.events, 0) AS events
  FROM ledger.heads h
  LEFT JOIN (
       SELECT ledger,
              max(position) AS last,
              count(*) AS events
         FROM ledger.events
        GROUP BY ledger
       ) e
    ON e.ledger = h.ledger
 ORDER BY h.ledger
"""
EVENTS_BY_ID = """
SELECT event_id,
       type,
       position,
       practitioner_id,
       version,
       leaf,
       leaf_hash
  FROM ledger.events
 WHERE ledger = $1
   AND event_id = ANY($2::uuid[])
"""
VERSIONS = """
SELECT h.position,
       h.recorded_at,
       p.practitioner_id,
       (SELECT coalesce(max(version), 0)
          FROM ledger.events e
         WHERE e.ledger = h.ledger
           AND e.practitioner_id = p.practitioner_id) AS version
  FROM ledger.heads h
  LEFT JOIN unnest($2::text[]) AS p (practitioner_id) ON true
 WHERE h.ledger = $1
"""
# `recorded_at` never decreases with position, so the position is found by bisection: no index of its own to maintain.
POSITION_AT = """
WITH RECURSIVE halving (low, high) AS (
     SELECT 0::bigint,
            position
       FROM ledger.heads
      WHERE ledger = $1
      UNION ALL
     SELECT CASE WHEN e.recorded_at <= $2 THEN e.position ELSE h.low END,
            CASE WHEN e.recorded_at <= $2 THEN h.high ELSE e.position - 1 END
       FROM halving h
       JOIN ledger.events e
         ON e.ledger = $1
        AND e.position = (h.low + h.high + 1) / 2
      WHERE h.low < h.high
     )
SELECT low
  FROM halving
 WHERE low = high
"""
